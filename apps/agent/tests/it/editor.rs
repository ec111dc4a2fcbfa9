//! Something to type into: a terminal that hands each line on.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use tempfile::TempDir;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, Window};

use crate::PATIENCE;
use crate::client::Client;
use crate::desktop::Desktop;

pub(crate) struct Editor {
    terminal: Child,
    lines: Receiver<String>,
    _folder: TempDir,
}

impl Editor {
    /// Has the keyboard's focus.
    pub(crate) fn open(desktop: &Desktop) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("lines");
        let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let client = desktop.client();
        client.hear_of_windows();
        let copy = "exec 3>\"$0\"; echo ready >&3; exec cat >&3";
        let terminal = desktop
            .program("xterm")
            .args(["-u8", "-e", "sh", "-c", copy])
            .arg(&pipe)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to, lines) = channel();
        std::thread::spawn(move || {
            let pipe = BufReader::new(std::fs::File::open(pipe).unwrap());
            for line in pipe.lines().map_while(Result::ok) {
                let _over = to.send(line);
            }
        });
        let editor = Self {
            terminal,
            lines,
            _folder: folder,
        };
        assert_eq!(editor.line(), "ready");
        client.focus(window(&client));
        editor
    }

    pub(crate) fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ended = self.terminal.kill();
        self.terminal.wait().unwrap();
    }
}

/// The terminal's, once it is shown.
fn window(client: &Client) -> Window {
    let is_terminal = |window: Window| {
        let (name, kind) = (AtomEnum::WM_CLASS, AtomEnum::STRING);
        let class = client.get_property(false, window, name, kind, 0, 64);
        class.unwrap().reply().unwrap().value.starts_with(b"xterm")
    };
    client.event(|event| match event {
        Event::MapNotify(shown) if is_terminal(shown.window) => Some(shown.window),
        _ => None,
    })
}
