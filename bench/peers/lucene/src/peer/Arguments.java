package peer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plain arguments in order, flags and options with a value anywhere. */
final class Arguments {
  private static final Set<String> FLAGS = Set.of("--no-positions", "--merge", "--bp");
  private static final Set<String> VALUED =
      Set.of("--mem-mb", "--bp-min-df", "--repeat", "--warmup-s", "--k");

  private final List<String> plain = new ArrayList<>();
  private final Map<String, String> options = new HashMap<>();

  Arguments(String[] words, int from) {
    for (int i = from; i < words.length; i++) {
      String word = words[i];
      if (FLAGS.contains(word)) {
        options.put(word, "");
      } else if (VALUED.contains(word) && i + 1 < words.length) {
        options.put(word, words[++i]);
      } else if (word.startsWith("--")) {
        throw new IllegalArgumentException(word + ": not understood");
      } else {
        plain.add(word);
      }
    }
  }

  List<String> plain(int n) {
    if (plain.size() != n) {
      throw new IllegalArgumentException(n + " arguments wanted, not " + plain.size());
    }
    return plain;
  }

  boolean has(String flag) {
    return options.containsKey(flag);
  }

  double number(String option, double otherwise) {
    return options.containsKey(option) ? Double.parseDouble(options.get(option)) : otherwise;
  }
}
