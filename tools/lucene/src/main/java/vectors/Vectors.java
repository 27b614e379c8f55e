package vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionLengthAttribute;

/**
 * Reads {"analysis": block, "texts": {analyzer: [text, …]}} and writes {analyzer: [[[term, start, end, position],
 * …], …]}, one list of tokens a text; offsets in code points, as Python counts.
 */
final class Vectors {
  public static void main(String[] args) throws Exception {
    ObjectMapper json = new ObjectMapper();
    JsonNode input = json.readTree(Path.of(args[0]).toFile());
    Blocks blocks = new Blocks(input.path("analysis"));
    ObjectNode output = json.createObjectNode();
    for (var entry : input.path("texts").properties()) {
      ArrayNode all = output.putArray(entry.getKey());
      try (Analyzer analyzer = blocks.analyzer(entry.getKey())) {
        for (JsonNode text : entry.getValue()) tokens(analyzer, text.asText(), all.addArray());
      }
    }
    json.writeValue(Path.of(args[1]).toFile(), output);
  }

  private static void tokens(Analyzer analyzer, String text, ArrayNode out) throws Exception {
    try (TokenStream stream = analyzer.tokenStream("text", text)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      OffsetAttribute offset = stream.addAttribute(OffsetAttribute.class);
      PositionIncrementAttribute increment = stream.addAttribute(PositionIncrementAttribute.class);
      PositionLengthAttribute length = stream.addAttribute(PositionLengthAttribute.class);
      stream.reset();
      int position = -1;
      while (stream.incrementToken()) {
        position += increment.getPositionIncrement();
        if (length.getPositionLength() != 1) throw new IllegalStateException("a graph: " + text);
        out.addArray()
            .add(term.toString())
            .add(text.codePointCount(0, offset.startOffset()))
            .add(text.codePointCount(0, offset.endOffset()))
            .add(position);
      }
      stream.end();
    }
  }
}
