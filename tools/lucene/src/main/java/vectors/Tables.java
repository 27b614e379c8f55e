package vectors;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;

/**
 * Writes the facts about characters that the Python interpreter needs: the word break classes of Lucene's
 * StandardTokenizer, the table of ASCIIFoldingFilter and the list "_french_"; and, for its tests, what Java and
 * Lucene make of every character.
 */
final class Tables {
  /** One character of each class, by the name the class takes in the table; a new class is a failure. */
  private static final Map<String, Integer> EXAMPLES = new LinkedHashMap<>();

  static {
    EXAMPLES.put("double_quote", (int) '"');
    EXAMPLES.put("keycap_base", (int) '#');
    EXAMPLES.put("single_quote", (int) '\'');
    EXAMPLES.put("mid_num", (int) ',');
    EXAMPLES.put("mid_num_let", (int) '.');
    EXAMPLES.put("digit", (int) '0');
    EXAMPLES.put("mid_letter", (int) ':');
    EXAMPLES.put("letter", (int) 'A');
    EXAMPLES.put("extend_num_let", (int) '_');
    EXAMPLES.put("pictograph", 0x1F600);
    EXAMPLES.put("extend", 0x300);
    EXAMPLES.put("hebrew", 0x5D0);
    EXAMPLES.put("numeric", 0x660);
    EXAMPLES.put("complex", 0xE01);
    EXAMPLES.put("complex_extend", 0xE31);
    EXAMPLES.put("hangul", 0xAC00);
    EXAMPLES.put("zwj", 0x200D);
    EXAMPLES.put("keycap", 0x20E3);
    EXAMPLES.put("pictograph_letter", 0x2139);
    EXAMPLES.put("han", 0x4E00);
    EXAMPLES.put("katakana", 0x30A2);
    EXAMPLES.put("hiragana", 0x3041);
    EXAMPLES.put("text_style", 0xFE0E);
    EXAMPLES.put("emoji_style", 0xFE0F);
    EXAMPLES.put("regional", 0x1F1E6);
    EXAMPLES.put("modifier", 0x1F3FB);
    EXAMPLES.put("tag", 0xE0020);
    EXAMPLES.put("tag_end", 0xE007F);
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Path checks = Path.of(args[1]);
    wordBreaks(folder.resolve("word_break.txt"));
    folding(folder.resolve("ascii_folding.txt"));
    french(folder.resolve("stop_french.txt"));
    characters(checks.resolve("characters.tsv.gz"));
  }

  private static PrintStream open(Path path) throws Exception {
    return new PrintStream(Files.newOutputStream(path), false, StandardCharsets.UTF_8);
  }

  private static void wordBreaks(Path path) throws Exception {
    Method of =
        Class.forName("org.apache.lucene.analysis.standard.StandardTokenizerImpl")
            .getDeclaredMethod("zzCMap", int.class);
    of.setAccessible(true);
    Map<Integer, String> names = new TreeMap<>();
    for (Map.Entry<String, Integer> example : EXAMPLES.entrySet()) {
      String other = names.put((Integer) of.invoke(null, example.getValue()), example.getKey());
      if (other != null) throw new IllegalStateException(other + " and " + example.getKey() + " are one class");
    }
    Map<String, List<String>> ranges = new LinkedHashMap<>();
    EXAMPLES.keySet().forEach(name -> ranges.put(name, new ArrayList<>()));
    int none = (Integer) of.invoke(null, (int) ' ');
    for (int start = 0; start <= Character.MAX_CODE_POINT; ) {
      int cls = (Integer) of.invoke(null, start);
      int end = start;
      while (end < Character.MAX_CODE_POINT && (Integer) of.invoke(null, end + 1) == cls) end++;
      if (cls != none) {
        if (!names.containsKey(cls)) throw new IllegalStateException("a class without a name: " + cls);
        ranges
            .get(names.get(cls))
            .add(start == end ? String.format("%X", start) : String.format("%X-%X", start, end));
      }
      start = end + 1;
    }
    try (PrintStream out = open(path)) {
      out.println("# Word break classes of Lucene 10.3's StandardTokenizer (UAX #29 and UTS #51, Unicode 12.1).");
      out.println("# Made by tools/lucene/make_vectors; not to be edited. Code points absent here break words.");
      ranges.forEach((name, list) -> out.println(name + " " + String.join(" ", list)));
    }
  }

  private static void folding(Path path) throws Exception {
    Map<String, StringBuilder> byFolded = new TreeMap<>();
    char[] output = new char[8];
    for (int c = 0x80; c <= 0xFFFF; c++) {
      if (Character.isSurrogate((char) c)) continue;
      int length = ASCIIFoldingFilter.foldToASCII(new char[] {(char) c}, 0, output, 0, 1);
      String folded = new String(output, 0, length);
      if (!folded.equals(String.valueOf((char) c))) {
        byFolded.computeIfAbsent(folded, key -> new StringBuilder()).append((char) c);
      }
    }
    try (PrintStream out = open(path)) {
      out.println("# Lucene's ASCIIFoldingFilter: folded form, tab, the characters that fold to it.");
      out.println("# Made by tools/lucene/make_vectors; not to be edited.");
      byFolded.forEach((folded, from) -> out.println(folded + "\t" + from));
    }
  }

  private static void french(Path path) throws Exception {
    List<String> words = new ArrayList<>();
    for (Object word : FrenchAnalyzer.getDefaultStopSet()) words.add(new String((char[]) word));
    words.sort(null);
    try (PrintStream out = open(path)) {
      out.println("# The list \"_french_\" (Snowball's French stop words, BSD licence).");
      out.println("# Made by tools/lucene/make_vectors; not to be edited.");
      words.forEach(out::println);
    }
  }

  /** For the tests: every code point that changes, its lower case, and what it folds to. */
  private static void characters(Path path) throws Exception {
    char[] output = new char[16];
    try (PrintStream out =
        new PrintStream(new GZIPOutputStream(Files.newOutputStream(path)), false, StandardCharsets.UTF_8)) {
      for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) continue;
        char[] units = Character.toChars(c);
        int lower = Character.toLowerCase(c);
        int length = ASCIIFoldingFilter.foldToASCII(units, 0, output, 0, units.length);
        String folded = new String(output, 0, length);
        if (lower != c || !folded.equals(new String(units))) {
          out.println(String.format("%X\t%X\t%s", c, lower, folded));
        }
      }
    }
  }
}
