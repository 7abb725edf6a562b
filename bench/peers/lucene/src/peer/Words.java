package peer;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/** Words in lower case as English Snowball stems; no stop words. */
final class Words extends Analyzer {
  static final String ID = "id";
  static final String BODY = "body";

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer words = new StandardTokenizer();
    TokenStream lower = new LowerCaseFilter(words);
    return new TokenStreamComponents(words, new SnowballFilter(lower, "English"));
  }
}
