//! Arguments: plain ones in order, `--flag` and `--option value` anywhere.
use crate::Outcome;

const FLAGS: [&str; 2] = ["--no-positions", "--merge"];
const VALUED: [&str; 5] = ["--threads", "--mem-mb", "--repeat", "--warmup-s", "--k"];

pub struct Args(Vec<String>);

impl Args {
    pub fn new(words: Vec<String>) -> Args {
        Args(words)
    }

    /// The `n` plain arguments, if there are exactly so many and no unknown
    /// option.
    pub fn plain(&self, n: usize) -> Outcome<Vec<&str>> {
        let mut found = Vec::new();
        let mut words = self.0.iter();
        while let Some(word) = words.next() {
            if VALUED.contains(&word.as_str()) {
                words.next();
            } else if word.starts_with("--") && !FLAGS.contains(&word.as_str()) {
                return Err(format!("{word}: no such option").into());
            } else if !word.starts_with("--") {
                found.push(word.as_str());
            }
        }
        if found.len() != n {
            return Err(format!("{n} arguments wanted, not {}", found.len()).into());
        }
        Ok(found)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|w| w == name)
    }

    pub fn number(&self, name: &str, otherwise: f64) -> Outcome<f64> {
        let Some(at) = self.0.iter().position(|w| w == name) else {
            return Ok(otherwise);
        };
        let text = self.0.get(at + 1).ok_or(format!("{name}: a number is missing"))?;
        text.parse().map_err(|_| format!("{name}: {text} is not a number").into())
    }
}
