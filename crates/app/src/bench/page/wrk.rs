//! Puts load on a server with wrk from the second core, and reads what it says.

use std::net::SocketAddr;

use anyhow::{Context, bail, ensure};
use tokio::process::Command;

/// The core that readers run on; the server has the other one.
const CORE: &str = "1";

/// Seconds of one round.
const SECONDS: &str = "4s";

/// Connections that are kept open.
const CONNECTIONS: &str = "64";

/// What one round showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Load {
    pub(super) requests: f64,
    pub(super) per_second: f64,
    pub(super) p99_ms: f64,
}

impl Load {
    /// One round.
    ///
    /// # Errors
    /// When wrk is not installed, or any answer was an error.
    pub(super) async fn put(address: SocketAddr, path: &str, headers: &[String]) -> anyhow::Result<Self> {
        let url = format!("http://{address}{path}");
        let mut command = Command::new("taskset");
        command.args(["-c", CORE, "wrk", "-t", "1", "-c", CONNECTIONS, "-d", SECONDS, "--latency"]);
        for header in headers {
            command.args(["-H", header]);
        }
        let output = command.arg(url).output().await.context("cannot start taskset; install util-linux")?;
        ensure!(output.status.success(), "wrk failed; scripts/bench installs it");
        read(&String::from_utf8_lossy(&output.stdout))
    }
}

fn read(report: &str) -> anyhow::Result<Load> {
    for trouble in ["Socket errors", "Non-2xx or 3xx"] {
        if let Some(line) = report.lines().find(|line| line.contains(trouble)) {
            bail!("wrk met trouble: {}", line.trim());
        }
    }
    let line =
        |mark: &str| report.lines().find(|line| line.contains(mark)).with_context(|| format!("no {mark} from wrk"));
    let requests = line(" requests in ")?.split_whitespace().next().unwrap_or_default().parse()?;
    let per_second = line("Requests/sec:")?.split_whitespace().last().unwrap_or_default().parse()?;
    let p99_ms = milliseconds(line(" 99%")?.split_whitespace().last().unwrap_or_default())?;
    Ok(Load { requests, per_second, p99_ms })
}

/// wrk writes `870.00us`, `1.32ms` or `2.01s`.
fn milliseconds(text: &str) -> anyhow::Result<f64> {
    for (unit, factor) in [("us", 0.001), ("ms", 1.0), ("s", 1_000.0)] {
        if let Some(number) = text.strip_suffix(unit) {
            return Ok(number.parse::<f64>()? * factor);
        }
    }
    bail!("{text} is no time of wrk")
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "Running 4s test @ http://127.0.0.1:8080/en/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.05ms  220.39us   6.66ms   90.11%
    Req/Sec    61.02k     2.11k   64.15k    80.00%
  Latency Distribution
     50%    1.01ms
     75%    1.10ms
     90%    1.21ms
     99%    1.90ms
  243012 requests in 4.00s, 2.76GB read
Requests/sec:  60741.33
Transfer/sec:    706.51MB
";

    #[test]
    fn a_report_is_read() {
        let expected = Load { requests: 243_012.0, per_second: 60_741.33, p99_ms: 1.9 };
        assert_eq!(read(REPORT).unwrap(), expected);
    }

    #[test]
    fn a_report_with_errors_is_no_figure() {
        let report = format!("{REPORT}  Non-2xx or 3xx responses: 17\n");
        assert!(read(&report).unwrap_err().to_string().contains("17"));
    }

    #[test]
    fn every_unit_of_time_is_understood() {
        let cases = [("870.00us", 0.87), ("1.32ms", 1.32), ("2.01s", 2_010.0)];
        for (text, expected) in cases {
            assert!((milliseconds(text).unwrap() - expected).abs() < 1e-9, "{text}");
        }
        assert!(milliseconds("1.0m").is_err());
    }
}
