//! Takes from a thread, and from all that it starts, the way into a network.

use std::collections::BTreeMap;

use rustix::io::Errno;
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, apply_filter,
};

/// Sockets of this computer alone can be made from here on. It can't be taken back.
pub(super) fn leave_network() -> Result<(), Error> {
    apply_filter(&filter()?)
}

fn filter() -> Result<BpfProgram, Error> {
    let beyond = SeccompCondition::new(
        FAMILY,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Ne,
        LOCAL_FAMILY,
    );
    let sockets = vec![SeccompRule::new(vec![beyond?])?];
    let rules = BTreeMap::from([
        (libc::SYS_socket, sockets),
        // Whoever has a ring makes sockets without that call.
        (libc::SYS_io_uring_setup, Vec::new()),
    ]);
    let refused = SeccompAction::Errno(Errno::ACCESS.raw_os_error().unsigned_abs());
    let computer = std::env::consts::ARCH.try_into()?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refused, computer)?;
    Ok(filter.try_into()?)
}

/// The first argument of `socket`.
const FAMILY: u8 = 0;
const LOCAL_FAMILY: u64 = libc::AF_UNIX as u64;

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::net::{TcpListener, UdpSocket};
    use std::os::unix::net::UnixDatagram;

    use super::*;

    #[test]
    fn what_leaves_the_network_reaches_this_computer_alone() {
        let left = std::thread::spawn(|| {
            leave_network().unwrap();
            let refused = ErrorKind::PermissionDenied;
            let udp = UdpSocket::bind("127.0.0.1:0").err().unwrap();
            assert_eq!(udp.kind(), refused);
            let tcp = TcpListener::bind("[::1]:0").err().unwrap();
            assert_eq!(tcp.kind(), refused);
            let started = std::thread::spawn(|| UdpSocket::bind("127.0.0.1:0").is_err());
            assert!(started.join().unwrap());
            assert!(UnixDatagram::unbound().is_ok());
        });

        left.join().unwrap();
    }
}
