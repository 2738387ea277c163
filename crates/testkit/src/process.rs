//! Child processes that end with the test.

use anyhow::{Context, Result, anyhow};
use std::fs::File;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a process may take to end in good order before it is killed.
const GRACE: Duration = Duration::from_secs(10);

/// A running child. It gets SIGTERM when this is dropped, and by the kernel when the test process is killed.
#[derive(Debug)]
pub struct Process {
    id: u32,
    waiting: Option<JoinHandle<()>>,
}

impl Process {
    /// Starts the program without input; what it says on stdout is handed back, its stderr is thrown away.
    ///
    /// The kernel's signal is tied to the *thread* that starts a child, so one that lives as long as the child does it.
    pub fn start(command: &Command) -> Result<(Self, ChildStdout)> {
        Self::start_with(command, Stdio::null())
    }

    /// Starts the program as [`Process::start`] does; what it says on stderr goes into the file.
    pub fn start_logging(command: &Command, log: File) -> Result<(Self, ChildStdout)> {
        Self::start_with(command, log.into())
    }

    fn start_with(command: &Command, stderr: Stdio) -> Result<(Self, ChildStdout)> {
        let mut guarded = guarded(command);
        guarded.stderr(stderr);
        let (report, started) = mpsc::channel();
        let waiting = thread::spawn(move || match guarded.spawn() {
            Err(error) => drop(report.send(Err(error))),
            Ok(mut child) => {
                let _ = report.send(Ok((child.id(), child.stdout.take())));
                let _ = child.wait();
            }
        });
        let name = command.get_program().to_string_lossy().into_owned();
        let answer = started.recv().context("the starting thread ended early")?;
        let (id, stdout) = answer.with_context(|| format!("cannot start {name}"))?;
        let stdout = stdout.ok_or_else(|| anyhow!("{name} has no stdout"))?;
        Ok((Self { id, waiting: Some(waiting) }, stdout))
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Whether it has not ended yet.
    pub fn is_running(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| !waiting.is_finished())
    }

    /// Ends it with SIGTERM, or SIGKILL when that takes too long, and waits until it is gone.
    pub fn stop(&mut self) {
        self.signal("-TERM");
        let deadline = Instant::now() + GRACE;
        while self.is_running() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
        self.kill();
    }

    /// Ends it with SIGKILL, without a chance to tidy up, and waits until it is gone.
    pub fn kill(&mut self) {
        self.signal("-KILL");
        if let Some(waiting) = self.waiting.take() {
            let _ = waiting.join();
        }
    }

    fn signal(&self, signal: &str) {
        if self.is_running() {
            let _ = Command::new("kill").args([signal, &self.id.to_string()]).stderr(Stdio::null()).status();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The same command under `setpriv`, which asks the kernel for the signal and then becomes the program.
fn guarded(command: &Command) -> Command {
    let mut guarded = Command::new("setpriv");
    guarded.args(["--pdeathsig", "TERM", "--"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => guarded.env(name, value),
            None => guarded.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        guarded.current_dir(folder);
    }
    guarded.stdin(Stdio::null()).stdout(Stdio::piped());
    guarded
}

#[cfg(test)]
mod tests {
    use super::Process;
    use std::path::Path;
    use std::process::Command;

    #[test]
    fn a_child_is_gone_when_its_process_is_dropped() {
        let (child, _stdout) = Process::start(Command::new("sleep").arg("60")).unwrap();
        let entry = format!("/proc/{}", child.id());
        assert!(child.is_running() && Path::new(&entry).exists());
        drop(child);
        assert!(!Path::new(&entry).exists());
    }

    #[test]
    fn a_program_that_is_not_there_ends_at_once() {
        let (child, mut stdout) = Process::start(&Command::new("/nowhere/at/all")).unwrap();
        std::io::copy(&mut stdout, &mut std::io::sink()).unwrap();
        while child.is_running() {
            std::thread::yield_now();
        }
    }
}
