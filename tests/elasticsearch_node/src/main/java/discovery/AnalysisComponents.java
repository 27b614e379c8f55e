package discovery;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.fr.FrenchLightStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.StemmerOverrideFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.apache.lucene.analysis.util.ElisionFilter;
import org.elasticsearch.common.regex.Regex;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.IndexService.IndexCreationContext;
import org.elasticsearch.index.analysis.AbstractCharFilterFactory;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.CustomAnalyzer;
import org.elasticsearch.index.analysis.PreConfiguredTokenFilter;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * What {@code mappings/suppliers.json} uses of Elasticsearch's module analysis-common, which no repository serves.
 *
 * <p>The names and settings are the module's, each over Lucene's own class, so that the same index body works
 * unchanged on the official image. Whatever is missing here is unknown to the node, and a setting that is not
 * understood is refused: an index that needs more fails to be created, and never means something else.
 * ({@code standard}, {@code lowercase} and {@code stop} come with the server.)
 */
public final class AnalysisComponents extends Plugin implements AnalysisPlugin {
  @Override
  public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
    return Map.of("pattern_replace", AnalysisPlugin.requiresAnalysisSettings(AnalysisComponents::patternReplace));
  }

  @Override
  public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
    return Map.of(
        "asciifolding", AnalysisComponents::asciiFolding,
        "elision", AnalysisPlugin.requiresAnalysisSettings(AnalysisComponents::elision),
        "stemmer", AnalysisPlugin.requiresAnalysisSettings(AnalysisComponents::stemmer),
        "stemmer_override", AnalysisPlugin.requiresAnalysisSettings(AnalysisComponents::stemmerOverride),
        "synonym_graph", AnalysisPlugin.requiresAnalysisSettings(AnalysisComponents::synonymGraph));
  }

  @Override
  public List<PreConfiguredTokenFilter> getPreConfiguredTokenFilters() {
    return List.of(PreConfiguredTokenFilter.singleton("asciifolding", true, ASCIIFoldingFilter::new));
  }

  private static CharFilterFactory patternReplace(Object index, Environment env, String name, Settings settings) {
    known(name, settings, "pattern", "replacement", "flags");
    Pattern pattern = Regex.compile(required(name, settings, "pattern"), settings.get("flags"));
    String replacement = settings.get("replacement", "");
    return new AbstractCharFilterFactory(name) {
      @Override
      public Reader create(Reader reader) {
        return new PatternReplaceCharFilter(pattern, replacement, reader);
      }
    };
  }

  private static TokenFilterFactory asciiFolding(Object index, Environment env, String name, Settings settings) {
    known(name, settings, "preserve_original");
    boolean preserve = settings.getAsBoolean("preserve_original", false);
    return filter(name, words -> new ASCIIFoldingFilter(words, preserve));
  }

  private static TokenFilterFactory elision(Object index, Environment env, String name, Settings settings) {
    known(name, settings, "articles", "articles_path", "articles_case");
    CharArraySet articles = Analysis.parseArticles(env, settings);
    if (articles == null) throw new IllegalArgumentException(name + ": elision needs articles");
    return filter(name, words -> new ElisionFilter(words, articles));
  }

  private static TokenFilterFactory stemmer(Object index, Environment env, String name, Settings settings) {
    known(name, settings, "language", "name");
    String language = settings.get("language", settings.get("name", "porter"));
    if (!Set.of("light_french", "lightFrench").contains(language)) {
      throw new IllegalArgumentException(name + ": this node has no stemmer for [" + language + "]");
    }
    return filter(name, FrenchLightStemFilter::new);
  }

  private static TokenFilterFactory stemmerOverride(Object index, Environment env, String name, Settings settings) {
    known(name, settings, "rules", "rules_path");
    List<String> lines = Analysis.getWordList(env, settings, "rules");
    if (lines == null) throw new IllegalArgumentException(name + ": stemmer_override needs rules");
    StemmerOverrideFilter.Builder rules = new StemmerOverrideFilter.Builder(false);
    for (String line : lines) {
      String[] sides = line.split("=>", -1);
      if (sides.length != 2 || sides[1].isBlank() || sides[1].contains(",")) {
        throw new IllegalArgumentException(name + ": not a rule: " + line);
      }
      for (String word : sides[0].split(",", -1)) {
        if (word.isBlank()) throw new IllegalArgumentException(name + ": not a rule: " + line);
        rules.add(word.trim(), sides[1].trim());
      }
    }
    try {
      StemmerOverrideFilter.StemmerOverrideMap map = rules.build();
      return filter(name, words -> new StemmerOverrideFilter(words, map));
    } catch (IOException error) {
      throw new IllegalArgumentException(name, error);
    }
  }

  private static TokenFilterFactory synonymGraph(Object index, Environment env, String name, Settings settings) {
    known(name, settings, "synonyms", "synonyms_path", "expand");
    boolean expand = settings.getAsBoolean("expand", true);
    List<String> rules = Analysis.getWordList(env, settings, "synonyms");
    if (rules == null) throw new IllegalArgumentException(name + ": synonym_graph needs synonyms");
    return new AbstractTokenFilterFactory(name) {
      @Override
      public TokenStream create(TokenStream words) {
        throw new IllegalStateException(name + " must know the filters before it");
      }

      /** The rules are read with the filters before this one, as in the official module. */
      @Override
      public TokenFilterFactory getChainAwareTokenFilterFactory(
          IndexCreationContext context,
          TokenizerFactory tokenizer,
          List<CharFilterFactory> charFilters,
          List<TokenFilterFactory> previous,
          Function<String, TokenFilterFactory> all) {
        Analyzer before =
            new CustomAnalyzer(
                tokenizer,
                charFilters.toArray(CharFilterFactory[]::new),
                previous.stream().map(TokenFilterFactory::getSynonymFilter).toArray(TokenFilterFactory[]::new));
        SynonymMap map = synonymMap(name, rules, expand, before);
        return filter(name, words -> map.fst == null ? words : new SynonymGraphFilter(words, map, false));
      }
    };
  }

  private static SynonymMap synonymMap(String name, List<String> rules, boolean expand, Analyzer analyzer) {
    try {
      SolrSynonymParser parser = new SolrSynonymParser(true, expand, analyzer);
      parser.parse(new StringReader(String.join("\n", rules)));
      return parser.build();
    } catch (IOException | ParseException error) {
      throw new IllegalArgumentException(name + ": failed to build synonyms", error);
    }
  }

  private static TokenFilterFactory filter(String name, UnaryOperator<TokenStream> create) {
    return new AbstractTokenFilterFactory(name) {
      @Override
      public TokenStream create(TokenStream words) {
        return create.apply(words);
      }
    };
  }

  private static void known(String name, Settings settings, String... keys) {
    Set<String> others = new TreeSet<>(settings.keySet());
    // A component used by its bare name is given the index's own settings.
    others.removeIf(key -> key.equals("type") || key.startsWith("index."));
    others.removeIf(key -> List.of(keys).contains(key.replaceFirst("\\.\\d+$", "")));
    if (!others.isEmpty()) throw new IllegalArgumentException(name + ": this node does not know " + others);
  }

  private static String required(String name, Settings settings, String key) {
    String value = settings.get(key);
    if (value == null) throw new IllegalArgumentException(name + ": " + key + " is missing");
    return value;
  }
}
