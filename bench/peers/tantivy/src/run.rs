//! `query` and `batch`.
use crate::args::Args;
use crate::{register_analysis, Outcome, BODY, ID};
use std::collections::HashSet;
use std::fs;
use std::io::{BufWriter, Write};
use std::time::Instant;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{Query, QueryParser};
use tantivy::schema::{TantivyDocument, Value};
use tantivy::{Index, ReloadPolicy, Searcher};

#[derive(Clone, Copy)]
enum Mode {
    Top(usize),
    Count,
    TopAndCount(usize),
}

fn mode(name: &str) -> Outcome<Mode> {
    Ok(match name {
        "TOP_10" => Mode::Top(10),
        "TOP_100" => Mode::Top(100),
        "TOP_1000" => Mode::Top(1000),
        "COUNT" => Mode::Count,
        "TOP_10_COUNT" => Mode::TopAndCount(10),
        _ => return Err(format!("{name}: no such mode").into()),
    })
}

struct Engine {
    searcher: Searcher,
    parser: QueryParser,
    index: Index,
}

impl Engine {
    fn open(dir: &str) -> Outcome<Engine> {
        let index = Index::open_in_dir(dir)?;
        register_analysis(&index);
        let body = index.schema().get_field(BODY)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Engine {
            searcher: reader.searcher(),
            parser: QueryParser::for_index(&index, vec![body]),
            index,
        })
    }

    fn parse(&self, text: &str) -> Box<dyn Query> {
        self.parser.parse_query_lenient(text).0
    }

    /// Hits of one query; the work that is timed.
    fn hits(&self, text: &str, mode: Mode) -> Outcome<usize> {
        let query = self.parse(text);
        Ok(match mode {
            Mode::Top(k) => {
                let best = TopDocs::with_limit(k).order_by_score();
                self.searcher.search(&query, &best)?.len()
            }
            Mode::Count => query.count(&self.searcher)?,
            Mode::TopAndCount(k) => {
                let both = (TopDocs::with_limit(k).order_by_score(), Count);
                self.searcher.search(&query, &both)?.1
            }
        })
    }
}

/// The lines `left<TAB>right` of a file.
fn pairs(path: &str) -> Outcome<Vec<(String, String)>> {
    let text = fs::read_to_string(path)?;
    let cut = text.lines().filter_map(|line| line.split_once('\t'));
    Ok(cut.map(|(a, b)| (a.to_string(), b.to_string())).collect())
}

fn summaries(mode: &str, queries: &[(String, String)], best: &[f64]) {
    let mut seen = HashSet::new();
    for tag in queries.iter().flat_map(|q| q.0.split(',')) {
        if !seen.insert(tag) {
            continue;
        }
        let tagged = queries.iter().zip(best);
        let tagged = tagged.filter(|(q, _)| q.0.split(',').any(|t| t == tag));
        let mut us: Vec<f64> = tagged.map(|(_, &us)| us).collect();
        us.sort_by(f64::total_cmp);
        let n = us.len();
        let mean = us.iter().sum::<f64>() / n as f64;
        let (median, p99) = (us[n / 2], us[n * 99 / 100]);
        println!("#summary\t{mode}\t{tag}\t{n}\t{mean:.1}\t{median:.1}\t{p99:.1}");
    }
}

pub fn query(args: &Args) -> Outcome<()> {
    let plain = args.plain(3)?;
    let mode_of = mode(plain[2])?;
    let repeat = args.number("--repeat", 5.0)? as usize;
    let warm_up = args.number("--warmup-s", 0.0)?;
    let queries = pairs(plain[1])?;
    let engine = Engine::open(plain[0])?;
    let start = Instant::now();
    loop {
        for (_, text) in &queries {
            engine.hits(text, mode_of)?;
        }
        if start.elapsed().as_secs_f64() >= warm_up {
            break;
        }
    }
    let mut best = vec![f64::INFINITY; queries.len()];
    let mut hits = vec![0; queries.len()];
    for _ in 0..repeat.max(1) {
        for (i, (_, text)) in queries.iter().enumerate() {
            let start = Instant::now();
            hits[i] = engine.hits(text, mode_of)?;
            best[i] = best[i].min(start.elapsed().as_secs_f64() * 1e6);
        }
    }
    for (i, (tags, text)) in queries.iter().enumerate() {
        println!("{tags}\t{text}\t{:.1}\t{}", best[i], hits[i]);
    }
    summaries(plain[2], &queries, &best);
    Ok(())
}

pub fn batch(args: &Args) -> Outcome<()> {
    let plain = args.plain(3)?;
    let k = args.number("--k", 1000.0)? as usize;
    let engine = Engine::open(plain[0])?;
    let id = engine.index.schema().get_field(ID)?;
    let mut out = BufWriter::new(fs::File::create(plain[2])?);
    for (topic, text) in pairs(plain[1])? {
        let plain_text = |c: char| if c.is_alphanumeric() { c } else { ' ' };
        let words: String = text.to_lowercase().chars().map(plain_text).collect();
        let best = TopDocs::with_limit(k).order_by_score();
        let found = engine.searcher.search(&engine.parse(&words), &best)?;
        for (rank, (score, at)) in found.into_iter().enumerate() {
            let document: TantivyDocument = engine.searcher.doc(at)?;
            let name = document.get_first(id).and_then(|v| v.as_str()).unwrap_or("?");
            writeln!(out, "{topic} Q0 {name} {} {score:.6} tantivy", rank + 1)?;
        }
    }
    out.flush()?;
    Ok(())
}
