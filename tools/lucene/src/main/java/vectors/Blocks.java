package vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.fr.FrenchLightStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.SetKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.StemmerOverrideFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.apache.lucene.analysis.util.ElisionFilter;

/** Reads a `settings.analysis` block as Elasticsearch's analysis-common does, with the same Lucene classes. */
final class Blocks {
  private final JsonNode block;

  Blocks(JsonNode block) {
    this.block = block;
  }

  Analyzer analyzer(String name) {
    return new Chain(name, Integer.MAX_VALUE);
  }

  /** The analyzer up to (not including) its filter number `filters`. */
  private final class Chain extends Analyzer {
    private final JsonNode definition;
    private final int filters;
    private final List<SynonymMap> synonyms = new ArrayList<>();

    Chain(String name, int filters) {
      this.definition = block.path("analyzer").path(name);
      this.filters = Math.min(filters, definition.path("filter").size());
      for (int i = 0; i < this.filters; i++) {
        String filter = definition.path("filter").get(i).asText();
        JsonNode body = block.path("filter").path(filter);
        boolean contracts = body.path("type").asText().startsWith("synonym");
        synonyms.add(contracts ? synonymMap(body, new Chain(name, i)) : null);
      }
    }

    @Override
    protected Reader initReader(String field, Reader reader) {
      for (JsonNode name : definition.path("char_filter")) {
        reader = charFilter(block.path("char_filter").path(name.asText()), reader);
      }
      return reader;
    }

    @Override
    protected TokenStreamComponents createComponents(String field) {
      Tokenizer source = tokenizer(definition.path("tokenizer").asText());
      TokenStream stream = source;
      for (int i = 0; i < filters; i++) {
        String name = definition.path("filter").get(i).asText();
        stream = filter(name, block.path("filter").path(name), stream, synonyms.get(i));
      }
      return new TokenStreamComponents(source, stream);
    }
  }

  private static Reader charFilter(JsonNode body, Reader reader) {
    switch (body.path("type").asText()) {
      case "pattern_replace":
        Pattern pattern = Pattern.compile(body.path("pattern").asText());
        return new PatternReplaceCharFilter(pattern, body.path("replacement").asText(), reader);
      case "mapping":
        NormalizeCharMap.Builder map = new NormalizeCharMap.Builder();
        for (JsonNode rule : body.path("mappings")) {
          String[] sides = rule.asText().split("=>", 2);
          map.add(sides[0].trim(), sides[1].trim());
        }
        return new MappingCharFilter(map.build(), reader);
      default:
        throw new IllegalArgumentException(body.toString());
    }
  }

  private static Tokenizer tokenizer(String name) {
    switch (name) {
      case "standard":
        StandardTokenizer standard = new StandardTokenizer();
        standard.setMaxTokenLength(255);
        return standard;
      case "whitespace":
        return new WhitespaceTokenizer(255);
      case "keyword":
        return new KeywordTokenizer();
      default:
        throw new IllegalArgumentException(name);
    }
  }

  private static TokenStream filter(String name, JsonNode body, TokenStream in, SynonymMap synonyms) {
    switch (body.path("type").asText(name)) {
      case "elision":
        return new ElisionFilter(in, words(body, "articles", "articles_case"));
      case "lowercase":
        return new LowerCaseFilter(in);
      case "asciifolding":
        return new ASCIIFoldingFilter(in);
      case "stop":
        return new StopFilter(in, words(body, "stopwords", "ignore_case"));
      case "keyword_marker":
        return new SetKeywordMarkerFilter(in, words(body, "keywords", "ignore_case"));
      case "stemmer_override":
        return new StemmerOverrideFilter(in, overrides(body));
      case "stemmer":
        return new FrenchLightStemFilter(in);
      case "synonym":
      case "synonym_graph":
        return new SynonymGraphFilter(in, synonyms, false);
      default:
        throw new IllegalArgumentException(name + " " + body);
    }
  }

  private static CharArraySet words(JsonNode body, String key, String ignoreCase) {
    CharArraySet words = new CharArraySet(16, body.path(ignoreCase).asBoolean(false));
    JsonNode list = body.path(key);
    for (JsonNode word : list.isArray() ? list : List.of(list)) {
      if (word.asText().equals("_french_")) words.addAll(FrenchAnalyzer.getDefaultStopSet());
      else words.add(word.asText());
    }
    return words;
  }

  private static StemmerOverrideFilter.StemmerOverrideMap overrides(JsonNode body) {
    StemmerOverrideFilter.Builder rules = new StemmerOverrideFilter.Builder(false);
    for (JsonNode rule : body.path("rules")) {
      String[] sides = rule.asText().split("=>", 2);
      for (String word : sides[0].split(",")) rules.add(word.trim(), sides[1].trim());
    }
    try {
      return rules.build();
    } catch (IOException error) {
      throw new IllegalStateException(error);
    }
  }

  private static SynonymMap synonymMap(JsonNode body, Analyzer words) {
    List<String> rules = new ArrayList<>();
    body.path("synonyms").forEach(rule -> rules.add(rule.asText()));
    try {
      SolrSynonymParser parser = new SolrSynonymParser(true, true, words);
      parser.parse(new StringReader(String.join("\n", rules)));
      return parser.build();
    } catch (IOException | ParseException error) {
      throw new IllegalStateException(error);
    }
  }
}
