//! The processor time and the memory of a process, as Linux counts them.

use anyhow::Context;

/// Of the times in `/proc`, fixed for programs since Linux 2.6.
const TICKS_PER_SECOND: f64 = 100.0;

/// Processor time that a process has used so far, in seconds.
///
/// # Errors
/// When it is not there any more.
pub(super) fn processor_seconds(process: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    Ok(ticks(&stat).context("/proc cannot be read")? / TICKS_PER_SECOND)
}

/// Memory that a process holds now, in megabytes.
///
/// # Errors
/// When it is not there any more.
pub(super) fn resident_megabytes(process: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    Ok(kibibytes(&status).context("/proc cannot be read")? * 1_024.0 / 1e6)
}

/// `VmRSS` of a status (proc(5)).
fn kibibytes(status: &str) -> Option<f64> {
    status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?.parse().ok()
}

/// User and system time of a process (proc(5), fields 14 and 15). Its name, in brackets, may hold anything.
fn ticks(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_any_name() {
        let stat = "4242 (ngi) nx (x) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 1 0 99 1 2";
        assert_eq!(ticks(stat), Some(200.0));
        assert_eq!(ticks("nothing"), None);
    }

    #[test]
    fn memory_is_found_among_other_lines() {
        assert_eq!(kibibytes("VmPeak:\t  9 kB\nVmRSS:\t    5000 kB\nThreads: 3"), Some(5_000.0));
        assert_eq!(kibibytes("nothing"), None);
    }
}
