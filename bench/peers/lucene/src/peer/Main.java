package peer;

/**
 * Lucene behind the command line of bench/README.md:
 *
 * <pre>
 *   index DOCS.jsonl DIR [--no-positions] [--mem-mb M] [--merge] [--bp] [--bp-min-df N]
 *   query DIR QUERIES.tsv MODE [--repeat R] [--warmup-s S]
 *   batch DIR TOPICS.tsv RUN.trec [--k K]
 * </pre>
 */
public final class Main {
  public static void main(String[] words) throws Exception {
    String verb = words.length > 0 ? words[0] : "";
    try {
      Arguments args = new Arguments(words, 1);
      switch (verb) {
        case "index" -> Build.index(args);
        case "query" -> Run.query(args);
        case "batch" -> Run.batch(args);
        default -> throw new IllegalArgumentException("usage: index|query|batch ...");
      }
    } catch (IllegalArgumentException e) {
      System.err.println("lucene-harness: " + e.getMessage());
      System.exit(2);
    }
  }

  private Main() {}
}
