package peer;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.MMapDirectory;

/** {@code query} and {@code batch}: one thread, no cache of queries. */
final class Run {
  private static final int UNSUPPORTED = -1;

  /** A line {@code left<TAB>right}. */
  private record Pair(String left, String right) {}

  private interface Mode {
    int hits(IndexSearcher searcher, Query query) throws IOException;
  }

  private static TopDocs top(IndexSearcher searcher, Query query, int k, boolean all)
      throws IOException {
    int counted = all ? Integer.MAX_VALUE : k;
    return searcher.search(query, new TopScoreDocCollectorManager(k, counted));
  }

  private static Mode mode(String name) {
    return switch (name) {
      case "TOP_10", "TOP_100", "TOP_1000" -> {
        int k = Integer.parseInt(name.substring("TOP_".length()));
        yield (searcher, query) -> top(searcher, query, k, false).scoreDocs.length;
      }
      case "COUNT" -> IndexSearcher::count;
      case "TOP_10_COUNT" ->
          (searcher, query) -> (int) top(searcher, query, 10, true).totalHits.value();
      default -> throw new IllegalArgumentException(name + ": no such mode");
    };
  }

  private static List<Pair> pairs(String path) throws IOException {
    List<Pair> found = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(path))) {
      int tab = line.indexOf('\t');
      if (tab >= 0) {
        found.add(new Pair(line.substring(0, tab), line.substring(tab + 1)));
      }
    }
    return found;
  }

  /** Parses and runs a query: the work that is timed. */
  private static int one(IndexSearcher searcher, QueryParser parser, String text, Mode mode)
      throws IOException {
    try {
      return mode.hits(searcher, parser.parse(text));
    } catch (ParseException e) {
      return UNSUPPORTED;
    }
  }

  private static void summaries(PrintStream out, String mode, List<Pair> queries, double[] best) {
    Map<String, List<Double>> byTag = new LinkedHashMap<>();
    for (int i = 0; i < best.length; i++) {
      for (String tag : queries.get(i).left().split(",")) {
        byTag.computeIfAbsent(tag, t -> new ArrayList<>()).add(best[i]);
      }
    }
    byTag.forEach(
        (tag, list) -> {
          double[] us = list.stream().mapToDouble(Double::doubleValue).sorted().toArray();
          double mean = Arrays.stream(us).sum() / us.length;
          out.printf(
              Locale.ROOT,
              "#summary\t%s\t%s\t%d\t%.1f\t%.1f\t%.1f%n",
              mode, tag, us.length, mean, us[us.length / 2], us[us.length * 99 / 100]);
        });
  }

  static void query(Arguments args) throws IOException {
    List<String> plain = args.plain(3);
    List<Pair> queries = pairs(plain.get(1));
    Mode mode = mode(plain.get(2));
    int repeat = Math.max(1, (int) args.number("--repeat", 5));
    double warmUp = args.number("--warmup-s", 10);
    int n = queries.size();
    double[] best = new double[n];
    int[] hits = new int[n];
    Arrays.fill(best, Double.MAX_VALUE);
    try (DirectoryReader reader = DirectoryReader.open(new MMapDirectory(Path.of(plain.get(0))))) {
      IndexSearcher searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      QueryParser parser = new QueryParser(Words.BODY, new Words());
      long begin = System.nanoTime();
      do {
        for (Pair q : queries) {
          one(searcher, parser, q.right(), mode);
        }
      } while ((System.nanoTime() - begin) / 1e9 < warmUp);
      for (int r = 0; r < repeat; r++) {
        for (int i = 0; i < n; i++) {
          long start = System.nanoTime();
          hits[i] = one(searcher, parser, queries.get(i).right(), mode);
          best[i] = Math.min(best[i], (System.nanoTime() - start) / 1e3);
        }
      }
    }
    try (PrintStream out = new PrintStream(System.out, false, "UTF-8")) {
      for (int i = 0; i < n; i++) {
        Pair q = queries.get(i);
        out.printf(Locale.ROOT, "%s\t%s\t%.1f\t%d%n", q.left(), q.right(), best[i], hits[i]);
      }
      summaries(out, plain.get(2), queries, best);
    }
  }

  static void batch(Arguments args) throws IOException, ParseException {
    List<String> plain = args.plain(3);
    int k = (int) args.number("--k", 1000);
    try (DirectoryReader reader = DirectoryReader.open(new MMapDirectory(Path.of(plain.get(0))));
        PrintStream out = new PrintStream(plain.get(2), "UTF-8")) {
      IndexSearcher searcher = new IndexSearcher(reader);
      QueryParser parser = new QueryParser(Words.BODY, new Words());
      for (Pair topic : pairs(plain.get(1))) {
        String words = topic.right().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ");
        int rank = 0;
        for (ScoreDoc hit : searcher.search(parser.parse(words.strip()), k).scoreDocs) {
          String id = searcher.storedFields().document(hit.doc).get(Words.ID);
          rank++;
          out.printf(
              Locale.ROOT, "%s Q0 %s %d %.6f lucene%n", topic.left(), id, rank, hit.score);
        }
      }
    }
  }

  private Run() {}
}
