//! From a file, line by line: nothing is believed that its hashes do not say too.

use std::{
    collections::HashSet,
    io::{BufRead, BufReader, Read},
};

use data_encoding::HEXLOWER;
use db::Value;
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use super::{
    Head, Summary, Trouble,
    bodies::Coming,
    format::{Begin, End, Mark, Named, NamedBody, Tail, Tally},
};
use crate::objects::Key;

/// A backup that is being read.
pub struct Reader {
    lines: Box<dyn BufRead + Send>,
    head: Head,
    hash: Sha256,
    summary: Summary,
    seen: HashSet<String>,
    open: Option<Table>,
    body: Option<Coming>,
}

/// The table whose rows are coming.
struct Table {
    name: String,
    columns: Vec<Named>,
    tally: Tally,
}

/// What comes next.
pub(super) enum Piece {
    /// A table, with its columns.
    Begin(Begin),
    /// A row of it.
    Row(Vec<Value>),
    /// All its rows have come, and are what was written.
    End(End),
    /// The body of a file; its bytes are to be asked for.
    Body(Key),
}

/// Far more than any row has; a file that was not written here is not read into memory.
const LONGEST: u64 = 64 << 20;

impl Reader {
    /// Reads a compressed file as far as its first line, and refuses what this program cannot restore.
    pub fn open(file: impl Read + Send + 'static) -> Result<Self, Trouble> {
        Self::plain(GzDecoder::new(file))
    }

    /// The same of lines that are not compressed.
    pub(super) fn plain(lines: impl Read + Send + 'static) -> Result<Self, Trouble> {
        let mut lines: Box<dyn BufRead + Send> = Box::new(BufReader::with_capacity(1 << 16, lines));
        let first = next_line(&mut *lines).map_err(|_| Trouble::NoBackup)?;
        let format: Format = serde_json::from_slice(&first).map_err(|_| Trouble::NoBackup)?;
        if format.muster_backup > super::format::FORMAT {
            return Err(Trouble::NewerFormat { found: format.muster_backup, known: super::format::FORMAT });
        }
        let head: Head = serde_json::from_slice(&first).map_err(|_| Trouble::damaged("its first line"))?;
        head.steps()?;
        let hash = Sha256::new().chain_update(&first);
        Ok(Self { lines, head, hash, summary: Summary::default(), seen: HashSet::new(), open: None, body: None })
    }

    /// What the file says of itself.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// What came out of it; whole once everything was read.
    pub(super) fn summary(&self) -> Summary {
        self.summary.clone()
    }

    /// The next bytes of the body that was begun; none when all have come.
    pub(super) fn bytes(&mut self) -> Result<Option<Vec<u8>>, Trouble> {
        let Some(mut body) = self.body.take() else { return Ok(None) };
        if body.ends()? {
            self.summary.bodies += 1;
            return Ok(None);
        }
        let line = next_line(&mut *self.lines)?;
        let bytes = body.bytes(&line).ok_or_else(|| Trouble::damaged("the content of a file cannot be read"))?;
        self.hash.update(&line);
        self.body = Some(body);
        Ok(Some(bytes))
    }

    fn begin_body(&mut self, named: &NamedBody) -> Result<Piece, Trouble> {
        let coming = Coming::of(named).filter(|_| self.open.is_none() && self.body.is_none());
        let coming = coming.ok_or_else(|| Trouble::damaged("a file begins where it must not"))?;
        let key = coming.key();
        self.body = Some(coming);
        Ok(Piece::Body(key))
    }

    /// The next piece; none at the end, which is only reached if all is as it was written.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, Trouble> {
        // Whoever does not want the bytes of a body has them read all the same.
        while self.bytes()?.is_some() {}
        let line = next_line(&mut *self.lines)?;
        if line.is_empty() {
            return Err(Trouble::damaged("it ends too early"));
        }
        if line.starts_with(b"[") {
            return self.row(&line).map(Some);
        }
        let mark: Mark = serde_json::from_slice(&line).map_err(|_| Trouble::damaged("a line cannot be read"))?;
        let piece = match mark {
            Mark::Begin(begin) => self.begin(begin)?,
            Mark::End(end) => self.end(end)?,
            Mark::Body(named) => self.begin_body(&named)?,
            Mark::Tail(tail) => return self.tail(&tail).map(|()| None),
        };
        self.hash.update(&line);
        Ok(Some(piece))
    }

    fn begin(&mut self, begin: Begin) -> Result<Piece, Trouble> {
        if self.open.is_some() || !self.seen.insert(begin.table.clone()) {
            return Err(Trouble::damaged(format!("the table {} begins where it must not", begin.table)));
        }
        let (name, columns) = (begin.table.clone(), begin.columns.clone());
        self.open = Some(Table { name, columns, tally: Tally::default() });
        Ok(Piece::Begin(begin))
    }

    fn row(&mut self, line: &[u8]) -> Result<Piece, Trouble> {
        let table = self.open.as_mut().ok_or_else(|| Trouble::damaged("a row stands outside of its table"))?;
        let values = table.values(line).ok_or_else(|| {
            Trouble::damaged(format!("row {} of {} cannot be read", table.tally.rows + 1, table.name))
        })?;
        table.tally.add(line);
        self.hash.update(line);
        Ok(Piece::Row(values))
    }

    fn end(&mut self, end: End) -> Result<Piece, Trouble> {
        let table = self.open.take().filter(|table| table.name == end.table);
        let tally =
            table.map(|table| table.tally).ok_or_else(|| Trouble::damaged("a table ends that did not begin"))?;
        if tally.rows != end.rows || tally.sha256() != end.sha256 {
            return Err(Trouble::damaged(format!("the rows of {} are not those that were written", end.table)));
        }
        self.summary.tables += 1;
        self.summary.rows += end.rows;
        Ok(Piece::End(end))
    }

    fn tail(&mut self, tail: &Tail) -> Result<(), Trouble> {
        self.summary.sha256 = HEXLOWER.encode(&self.hash.clone().finalize());
        let Summary { tables, rows, bodies, sha256, .. } = &self.summary;
        let same = (*tables, *rows, *bodies, sha256) == (tail.tables, tail.rows, tail.bodies, &tail.sha256);
        if self.open.is_some() || !same {
            return Err(Trouble::damaged("it does not add up to what its last line says"));
        }
        match next_line(&mut *self.lines)?.as_slice() {
            [] => Ok(()),
            _ => Err(Trouble::damaged("it goes on after its end")),
        }
    }
}

#[derive(serde::Deserialize)]
struct Format {
    muster_backup: u32,
}

impl Table {
    fn values(&self, line: &[u8]) -> Option<Vec<Value>> {
        let found: Vec<serde_json::Value> = serde_json::from_slice(line).ok()?;
        if found.len() != self.columns.len() {
            return None;
        }
        found.into_iter().zip(&self.columns).map(|(value, column)| column.kind.read(value)).collect()
    }
}

/// A line with its line break; nothing at the end of the file. What cannot be unpacked is damaged.
fn next_line(lines: &mut dyn BufRead) -> Result<Vec<u8>, Trouble> {
    let mut line = Vec::new();
    let read = lines.take(LONGEST).read_until(b'\n', &mut line);
    read.map_err(|error| Trouble::damaged(error.to_string()))?;
    if line.last().is_some_and(|&last| last != b'\n') {
        return Err(Trouble::damaged("it ends in the middle of a line"));
    }
    Ok(line)
}

/// Reads a file from its first to its last line and keeps nothing of it.
pub fn verify(mut reader: Reader) -> Result<Summary, Trouble> {
    while reader.next()?.is_some() {}
    Ok(reader.summary())
}
