//! Sits between clients and a server's TCP port, and keeps every byte that passes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::memory::count;

/// Listens at an address of its own until it is dropped.
pub struct Relay {
    address: SocketAddr,
    captured: Captured,
    listening: JoinHandle<()>,
}

/// By connection and direction, so that nothing is torn apart by what passes beside it.
type Captured = Arc<Mutex<BTreeMap<u64, Vec<u8>>>>;

impl Relay {
    /// # Errors
    ///
    /// When there is no port.
    pub async fn to(server: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let captured = Captured::default();
        let keep = Arc::clone(&captured);
        let listening = tokio::spawn(async move {
            let mut ways = (0..).step_by(2);
            while let Ok((client, _)) = listener.accept().await {
                let way = ways.next().unwrap_or_default();
                if let Ok(server) = TcpStream::connect(server).await {
                    let (from_client, to_client) = client.into_split();
                    let (from_server, to_server) = server.into_split();
                    tokio::spawn(pass(from_client, to_server, way, Arc::clone(&keep)));
                    tokio::spawn(pass(from_server, to_client, way + 1, Arc::clone(&keep)));
                }
            }
        });
        Ok(Self {
            address,
            captured,
            listening,
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Bytes that have passed, both ways.
    pub fn len(&self) -> usize {
        held(&self.captured).values().map(Vec::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How often these bytes have passed.
    pub fn count(&self, marker: &[u8]) -> usize {
        let captured = held(&self.captured);
        captured.values().map(|bytes| count(bytes, marker)).sum()
    }
}

fn held(captured: &Captured) -> MutexGuard<'_, BTreeMap<u64, Vec<u8>>> {
    captured.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, way: u64, captured: Captured) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut piece).await {
        let piece = piece.get(..read).unwrap_or_default();
        held(&captured).entry(way).or_default().extend(piece);
        if to.write_all(piece).await.is_err() {
            return;
        }
    }
    let _gone = to.shutdown().await;
}
