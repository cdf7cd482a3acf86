//! Bodies are handed on as they come, never gathered. Whoever reads slowly is waited for.
//!
//! `splice` would be shorter. The one of `jco` does not wait for what is to come, so that a silent
//! watch would keep a processor busy, and counts nothing towards `Content-Length`, so that a request
//! with a body would fail.

use wasip2::io::poll::{Pollable, poll};
use wasip2::io::streams::{InputStream, OutputStream, StreamError};

/// How much is taken at once, in bytes.
const PIECE: u64 = 64 * 1024;

/// How the way of a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// All of it has been handed on.
    Whole,
    /// It broke off where it comes from.
    SourceBroke,
    /// Nobody takes it any more.
    SinkBroke,
    /// Something else came first.
    Stopped,
}

/// Hands a body on until its end; or, where there is nothing to do but to wait, until `stop`.
pub(crate) fn hand_on(source: &InputStream, sink: &OutputStream, stop: Option<&Pollable>) -> End {
    let readable = source.subscribe();
    let mut is_flushed = true;
    loop {
        let piece = match source.read(PIECE) {
            Ok(piece) => piece,
            Err(StreamError::Closed) => return End::Whole,
            Err(StreamError::LastOperationFailed(_)) => return End::SourceBroke,
        };
        if !piece.is_empty() {
            if let Err(end) = write(sink, &piece, stop) {
                return end;
            }
            is_flushed = false;
        } else if !is_flushed {
            // There is no more for now: an event of a watch waits for no other.
            if sink.flush().is_err() {
                return End::SinkBroke;
            }
            is_flushed = true;
        } else if !wait(&readable, stop) {
            return End::Stopped;
        }
    }
}

/// Whether nothing is in a body. Waits for the first of it, or the end.
pub(crate) fn is_empty(source: &InputStream) -> bool {
    loop {
        match source.blocking_read(1) {
            Ok(piece) if piece.is_empty() => {}
            Ok(_) => return false,
            Err(_) => return true,
        }
    }
}

fn write(sink: &OutputStream, piece: &[u8], stop: Option<&Pollable>) -> Result<(), End> {
    let mut rest = piece;
    while !rest.is_empty() {
        let permitted = sink.check_write().map_err(|_| End::SinkBroke)?;
        let size = usize::try_from(permitted).unwrap_or(usize::MAX).min(rest.len());
        let (now, later) = rest.split_at(size);
        if now.is_empty() {
            if !wait(&sink.subscribe(), stop) {
                return Err(End::Stopped);
            }
        } else {
            sink.write(now).map_err(|_| End::SinkBroke)?;
            rest = later;
        }
    }
    Ok(())
}

/// Waits for what is awaited; `false` where `stop` came first.
fn wait(awaited: &Pollable, stop: Option<&Pollable>) -> bool {
    match stop {
        None => {
            awaited.block();
            true
        }
        Some(stop) => poll(&[awaited, stop]).contains(&0),
    }
}
