//! How much a peer may still send on its connection: everything, unless somebody counts.
//!
//! A stranger's WebSocket message is held in memory until it is whole. Before they have said who
//! they are, few bytes are taken from them, whatever longest message their connection may carry later.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What is left. Clones share it.
#[derive(Clone)]
pub(crate) struct Allowance(Arc<AtomicUsize>);

/// A connection that breaks when its peer has sent more than it may, and one read beyond that.
pub(crate) struct Allowed<S> {
    stream: S,
    allowance: Allowance,
}

impl Allowance {
    /// So many bytes from here on.
    pub(crate) fn limit(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    /// Any number of bytes from here on.
    pub(crate) fn lift(&self) {
        self.limit(UNLIMITED);
    }

    fn left(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn spend(&self, bytes: usize) {
        let spent = |left: usize| (left != UNLIMITED).then(|| left.saturating_sub(bytes));
        let _unlimited = self
            .0
            .try_update(Ordering::Relaxed, Ordering::Relaxed, spent);
    }
}

impl Default for Allowance {
    fn default() -> Self {
        Self(Arc::new(AtomicUsize::new(UNLIMITED)))
    }
}

impl<S> Allowed<S> {
    pub(crate) fn new(stream: S, allowance: Allowance) -> Self {
        Self { stream, allowance }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Allowed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.allowance.left() == 0 {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.allowance.spend(buffer.filled().len() - before);
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Allowed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

const UNLIMITED: usize = usize::MAX;

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn a_peer_that_says_more_than_it_may_is_cut_off() {
        let allowance = Allowance::default();
        let mut stream = Allowed::new([7; 1_000].as_slice(), allowance.clone());
        let mut buffer = [0; 100];
        assert_eq!(stream.read(&mut buffer).await.unwrap(), 100);

        allowance.limit(150);

        assert!(stream.read(&mut buffer).await.is_ok());
        assert!(stream.read(&mut buffer).await.is_ok());
        assert!(stream.read(&mut buffer).await.is_err());
        allowance.lift();
        assert_eq!(stream.read(&mut buffer).await.unwrap(), 100);
    }
}
