//! Bodies that pass through, frame by frame, and are never held.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;

use super::pool::Lease;

/// What a caller gets.
pub(super) enum Body {
    /// The proxy's own words.
    Fixed(Option<Bytes>),
    /// The cluster's, and the connection that they come by.
    Passing(Incoming, Option<Lease>),
}

impl Body {
    pub(super) const fn fixed(bytes: Bytes) -> Self {
        Self::Fixed(Some(bytes))
    }

    pub(super) const fn empty() -> Self {
        Self::Fixed(None)
    }

    /// The connection goes back at the end of the answer; with an answer that is not read to its
    /// end it is closed.
    pub(super) fn passing(incoming: Incoming, lease: Lease) -> Self {
        if incoming.is_end_stream() {
            lease.give_back();
            return Self::Passing(incoming, None);
        }
        Self::Passing(incoming, Some(lease))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match self.get_mut() {
            Self::Fixed(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Passing(incoming, lease) => {
                let polled = Pin::new(&mut *incoming).poll_frame(context);
                let has_ended = match &polled {
                    Poll::Ready(None) => true,
                    Poll::Ready(Some(Ok(_))) => incoming.is_end_stream(),
                    Poll::Ready(Some(Err(_))) | Poll::Pending => false,
                };
                if has_ended && let Some(lease) = lease.take() {
                    lease.give_back();
                }
                polled
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Fixed(bytes) => bytes.is_none(),
            Self::Passing(incoming, _) => incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Fixed(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Passing(incoming, _) => incoming.size_hint(),
        }
    }
}

/// What the cluster gets.
pub(super) enum Upload {
    /// No body: the request can be sent again.
    None,
    /// The caller's.
    Passing(Incoming, UploadEnd),
}

/// Whether all of a body has been sent: before that, its connection is good for nothing else.
#[derive(Clone, Default)]
pub(super) struct UploadEnd(Arc<AtomicBool>);

impl UploadEnd {
    pub(super) fn is_reached(&self) -> bool {
        self.0.load(Relaxed)
    }
}

impl Upload {
    pub(super) fn new(incoming: Incoming) -> Self {
        if incoming.is_end_stream() {
            return Self::None;
        }
        Self::Passing(incoming, UploadEnd::default())
    }

    pub(super) const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    pub(super) fn end(&self) -> Option<UploadEnd> {
        match self {
            Self::None => None,
            Self::Passing(_, end) => Some(end.clone()),
        }
    }
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match self.get_mut() {
            Self::None => Poll::Ready(None),
            Self::Passing(incoming, end) => {
                let polled = Pin::new(&mut *incoming).poll_frame(context);
                let is_end = matches!(polled, Poll::Ready(None))
                    || matches!(polled, Poll::Ready(Some(Ok(_)))) && incoming.is_end_stream();
                if is_end {
                    end.0.store(true, Relaxed);
                }
                polled
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::None => true,
            Self::Passing(incoming, _) => incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::None => SizeHint::with_exact(0),
            Self::Passing(incoming, _) => incoming.size_hint(),
        }
    }
}
