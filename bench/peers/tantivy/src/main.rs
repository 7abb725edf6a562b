//! Tantivy behind the command line of bench/README.md:
//!
//!     index DOCS.jsonl DIR [--no-positions] [--threads N] [--mem-mb M] [--merge]
//!     query DIR QUERIES.tsv MODE [--repeat R] [--warmup-s S]
//!     batch DIR TOPICS.tsv RUN.trec [--k K]
//!
//! Queries go through Tantivy's own parser; one thread; all of a query, from
//! its text to its result, is timed.
mod args;
mod build;
mod run;

use tantivy::tokenizer::{Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer};
use tantivy::Index;

/// What every verb may fail with; `main` prints it.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

pub const BODY: &str = "body";
pub const ID: &str = "id";
const ANALYSIS: &str = "stems";

/// Tells an index what its words are; needed after opening, too.
pub fn register_analysis(index: &Index) -> &'static str {
    let words = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(LowerCaser)
        .filter(Stemmer::new(Language::English))
        .build();
    index.tokenizers().register(ANALYSIS, words);
    ANALYSIS
}

fn main() {
    let mut words = std::env::args().skip(1);
    let verb = words.next().unwrap_or_default();
    let args = args::Args::new(words.collect());
    let outcome = match verb.as_str() {
        "index" => build::index(&args),
        "query" => run::query(&args),
        "batch" => run::batch(&args),
        _ => Err("usage: tantivy-harness index|query|batch ...".into()),
    };
    if let Err(e) = outcome {
        eprintln!("tantivy-harness: {e}");
        std::process::exit(1);
    }
}
