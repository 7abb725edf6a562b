//! `index`: documents from lines of JSON.
use crate::args::Args;
use crate::{register_analysis, Outcome, BODY, ID};
use serde::Deserialize;
use std::fs;
use std::io::{BufRead, BufReader};
use std::time::Instant;
use tantivy::directory::MmapDirectory;
use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions, STORED};
use tantivy::{doc, Index, IndexSettings, IndexWriter};

#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
}

fn schema(analysis: &str, positions: bool) -> Schema {
    let detail = if positions {
        IndexRecordOption::WithFreqsAndPositions
    } else {
        IndexRecordOption::WithFreqs
    };
    let indexed = TextFieldIndexing::default()
        .set_tokenizer(analysis)
        .set_index_option(detail);
    let mut b = Schema::builder();
    b.add_text_field(ID, STORED);
    b.add_text_field(BODY, TextOptions::default().set_indexing_options(indexed));
    b.build()
}

fn create(dir: &str, positions: bool) -> Outcome<Index> {
    if fs::exists(dir)? {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir)?;
    let schema = schema("stems", positions);
    let index = Index::create(MmapDirectory::open(dir)?, schema, IndexSettings::default())?;
    register_analysis(&index);
    Ok(index)
}

fn add_all(writer: &IndexWriter, index: &Index, path: &str) -> Outcome<usize> {
    let schema = index.schema();
    let (id, body) = (schema.get_field(ID)?, schema.get_field(BODY)?);
    let mut documents = 0;
    for line in BufReader::with_capacity(1 << 20, fs::File::open(path)?).lines() {
        let line: Line = serde_json::from_str(&line?)?;
        let text = format!("{}\n{}", line.title, line.text);
        writer.add_document(doc!(id => line.id, body => text))?;
        documents += 1;
    }
    Ok(documents)
}

pub fn index(args: &Args) -> Outcome<()> {
    let plain = args.plain(2)?;
    let threads = args.number("--threads", 1.0)? as usize;
    let memory = args.number("--mem-mb", 2000.0)? as usize;
    let start = Instant::now();
    let index = create(plain[1], !args.has("--no-positions"))?;
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, memory * 1_000_000)?;
    let documents = add_all(&writer, &index, plain[0])?;
    writer.commit()?;
    writer.wait_merging_threads()?;
    let mut segments = index.searchable_segment_ids()?;
    if args.has("--merge") && segments.len() > 1 {
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 100_000_000)?;
        writer.merge(&segments).wait()?;
        writer.garbage_collect_files().wait()?;
        writer.wait_merging_threads()?;
        segments = index.searchable_segment_ids()?;
    }
    println!(
        "docs={documents} wall={:.2}s segments={}",
        start.elapsed().as_secs_f64(),
        segments.len()
    );
    Ok(())
}
