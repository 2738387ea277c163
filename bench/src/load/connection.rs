//! One kept-alive HTTP/1.1 connection, with no more of the protocol than the servers measured here speak.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use tokio::{io::AsyncReadExt, io::AsyncWriteExt, net::TcpStream};

use super::Request;

/// Larger than any answer here, so that it is never moved.
const ROOM: usize = 1024 * 1024;

/// A connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
#[derive(Clone, Copy)]
pub struct Answer<'b> {
    /// Everything, as it came over the wire.
    pub bytes: &'b [u8],
    /// The body alone.
    pub body: &'b [u8],
}

impl Connection {
    /// Opens one.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("reaching {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(ROOM) })
    }

    /// Asks and waits for the whole answer. One that tells of a failure is an error.
    pub async fn ask(&mut self, request: &Request) -> Result<Answer<'_>> {
        self.stream.write_all(request.bytes()).await?;
        self.buffer.clear();
        let head = loop {
            self.read().await?;
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let whole = head + length(&self.buffer[..head])?;
        while self.buffer.len() < whole {
            self.read().await?;
        }
        let answer = Answer { bytes: &self.buffer, body: &self.buffer[head..] };
        if !answer.bytes.starts_with(b"HTTP/1.1 2") {
            bail!("the server answered: {}", String::from_utf8_lossy(answer.bytes));
        }
        Ok(answer)
    }

    async fn read(&mut self) -> Result<()> {
        ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
        Ok(())
    }
}

/// Every answer measured here tells its length.
fn length(head: &[u8]) -> Result<usize> {
    const NAME: &[u8] = b"\r\ncontent-length: ";
    let start = find(head, NAME).context("an answer without a length")? + NAME.len();
    let digits = head[start..].iter().take_while(|byte| byte.is_ascii_digit());
    Ok(digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_read_from_the_head() {
        assert_eq!(length(b"HTTP/1.1 200 OK\r\ncontent-length: 1234\r\ndate: x\r\n\r\n").unwrap(), 1234);
        assert!(length(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
