package peer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.SlowCodecReaderWrapper;
import org.apache.lucene.misc.index.BPIndexReorderer;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** {@code index}: documents from lines of JSON, in their order or bisected. */
final class Build {
  /** Merges neighbours only, so that documents keep their order. */
  private static IndexWriterConfig config(Arguments args) {
    LogDocMergePolicy merges = new LogDocMergePolicy();
    merges.setNoCFSRatio(0);
    return new IndexWriterConfig(new Words())
        .setOpenMode(IndexWriterConfig.OpenMode.CREATE)
        .setMergePolicy(merges)
        .setUseCompoundFile(false)
        .setRAMBufferSizeMB(args.number("--mem-mb", 1900));
  }

  private static FieldType body(boolean positions) {
    FieldType type = new FieldType();
    type.setIndexOptions(
        positions
            ? IndexOptions.DOCS_AND_FREQS_AND_POSITIONS
            : IndexOptions.DOCS_AND_FREQS);
    type.setTokenized(true);
    type.freeze();
    return type;
  }

  /** The document of a line: one indexed field of title, newline and text. */
  private static Document document(JsonFactory json, String line, FieldType body)
      throws IOException {
    String id = "";
    String title = "";
    String text = "";
    try (JsonParser parser = json.createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "id" -> id = parser.getText();
          case "title" -> title = parser.getText();
          case "text" -> text = parser.getText();
          default -> parser.skipChildren();
        }
      }
    }
    Document document = new Document();
    document.add(new StoredField(Words.ID, id));
    document.add(new Field(Words.BODY, title + "\n" + text, body));
    return document;
  }

  private static int plain(Arguments args, Path from, Path to, boolean merge)
      throws IOException {
    JsonFactory json = new JsonFactory();
    FieldType body = body(!args.has("--no-positions"));
    int documents = 0;
    try (Directory directory = FSDirectory.open(to);
        IndexWriter writer = new IndexWriter(directory, config(args));
        BufferedReader lines = Files.newBufferedReader(from)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        writer.addDocument(document(json, line, body));
        documents++;
      }
      if (merge) {
        writer.forceMerge(1);
      }
      writer.commit();
    }
    return documents;
  }

  /**
   * Writes the index at {@code from}, of one segment, to {@code to} in the order of recursive graph
   * bisection. A flush of one segment is never merged, so a merge policy would not reorder it;
   * adding a reordered view of it does.
   */
  private static void bisect(Arguments args, Path from, Path to) throws IOException {
    BPIndexReorderer order = new BPIndexReorderer();
    order.setFields(Set.of(Words.BODY));
    order.setMinDocFreq(
        (int) args.number("--bp-min-df", BPIndexReorderer.DEFAULT_MIN_DOC_FREQ));
    order.setRAMBudgetMB(2000);
    try (Directory source = FSDirectory.open(from);
        Directory target = FSDirectory.open(to);
        DirectoryReader reader = DirectoryReader.open(source);
        IndexWriter writer = new IndexWriter(target, config(args))) {
      CodecReader whole = SlowCodecReaderWrapper.wrap(reader.leaves().get(0).reader());
      writer.addIndexes(order.reorder(whole, target, null));
      writer.forceMerge(1);
      writer.commit();
    }
  }

  private static void remove(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (var below = Files.walk(path)) {
      for (Path one : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }

  static void index(Arguments args) throws IOException {
    List<String> paths = args.plain(2);
    Path from = Path.of(paths.get(0));
    Path to = Path.of(paths.get(1));
    boolean bisected = args.has("--bp");
    Path first = bisected ? Path.of(to + ".unordered") : to;
    long start = System.nanoTime();
    remove(to);
    int documents = plain(args, from, first, bisected || args.has("--merge"));
    if (bisected) {
      bisect(args, first, to);
      remove(first);
    }
    System.out.printf("docs=%d wall=%.2fs%n", documents, (System.nanoTime() - start) / 1e9);
  }

  private Build() {}
}
