//! What the kernel says of a process.

use std::fs;

use anyhow::{Context, Result};

/// The kernel counts processor time in hundredths of a second on every Linux we build for (`USER_HZ`).
const TICKS: f64 = 100.0;

/// The processor time a process has used until now, all its threads together, in seconds.
pub fn processor_time(id: u32) -> Result<f64> {
    let stat = read(id, "stat")?;
    // The name in brackets may hold spaces. After it, utime and stime are the 12th and 13th field (proc_pid_stat(5)).
    let fields = stat.rsplit_once(") ").context("a stat without a name")?.1.split(' ').skip(11).take(2);
    Ok(fields.map(str::parse::<f64>).sum::<Result<f64, _>>()? / TICKS)
}

/// Resident memory of a process in megabytes, and the part of it that is its own and not a file's.
pub fn memory(id: u32) -> Result<(f64, f64)> {
    let status = read(id, "status")?;
    Ok((megabytes(&status, "VmRSS:")?, megabytes(&status, "RssAnon:")?))
}

fn megabytes(status: &str, field: &str) -> Result<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field)).with_context(|| format!("no {field}"))?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1024.0 / 1e6)
}

fn read(id: u32, file: &str) -> Result<String> {
    let path = format!("/proc/{id}/{file}");
    fs::read_to_string(&path).with_context(|| format!("reading {path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_uses_memory_and_after_some_work_processor_time() {
        let me = std::process::id();
        assert!(memory(me).unwrap().0 > 0.1);
        while processor_time(me).unwrap() == 0.0 {
            std::hint::spin_loop();
        }
    }
}
