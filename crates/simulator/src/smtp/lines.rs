//! Reads lines off a connection without trusting their length.

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// How reading a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A whole line, its end included.
    Whole,
    /// Longer than allowed; the rest of it was read and dropped.
    TooLong,
    /// The other side hung up.
    End,
}

/// Reads up to and including the next line feed into `line`, of which at most `max` bytes are kept.
pub(crate) async fn read(
    reader: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
    max: usize,
) -> std::io::Result<Line> {
    line.clear();
    let mut too_long = false;
    loop {
        let buffer = reader.fill_buf().await?;
        if buffer.is_empty() {
            return Ok(Line::End);
        }
        let end = buffer.iter().position(|byte| *byte == b'\n').map(|place| place + 1);
        let taken = end.unwrap_or(buffer.len());
        too_long |= line.len() + taken > max;
        if !too_long {
            line.extend_from_slice(&buffer[..taken]);
        }
        reader.consume(taken);
        if end.is_some() {
            return Ok(if too_long { Line::TooLong } else { Line::Whole });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn long_lines_are_dropped_and_the_next_one_is_read() {
        let mut reader = tokio::io::BufReader::with_capacity(4, &b"NOOP\r\nAAAAAAAAAAAA\r\nQUIT\r\nrest"[..]);
        let mut line = Vec::new();
        assert_eq!(read(&mut reader, &mut line, 8).await.unwrap(), Line::Whole);
        assert_eq!(line, b"NOOP\r\n");
        assert_eq!(read(&mut reader, &mut line, 8).await.unwrap(), Line::TooLong);
        assert_eq!(read(&mut reader, &mut line, 8).await.unwrap(), Line::Whole);
        assert_eq!(line, b"QUIT\r\n");
        assert_eq!(read(&mut reader, &mut line, 8).await.unwrap(), Line::End);
    }
}
