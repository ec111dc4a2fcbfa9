//! Whether two samples have the same mean, by Welch's test: their variances may differ.

/// Welch's t: the difference of the means, in its standard errors. Beyond 4.5 in either direction the two differ (the bound of
/// ISO/IEC 17825 for leakage). `None` for samples of fewer than two, or without any spread.
pub fn welch(one: &[f64], other: &[f64]) -> Option<f64> {
    let ((mean, error), (other_mean, other_error)) = (moments(one)?, moments(other)?);
    let spread = (error + other_error).sqrt();
    (spread > 0.0).then(|| (mean - other_mean) / spread)
}

/// The mean, and its squared standard error.
#[expect(clippy::cast_precision_loss, reason = "samples are few")]
fn moments(sample: &[f64]) -> Option<(f64, f64)> {
    let count = sample.len() as f64;
    if sample.len() < 2 {
        return None;
    }
    let mean = sample.iter().sum::<f64>() / count;
    let squares = sample.iter().map(|value| (value - mean).powi(2));
    Some((mean, squares.sum::<f64>() / (count - 1.0) / count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_that_differ_are_told_apart_and_others_are_not() {
        // Means 20.3 and 20.7, variances 0.14 / 3 each.
        let one = [20.0, 20.1, 20.6, 20.2, 20.4, 20.5, 20.3];
        let other = [20.4, 20.5, 21.0, 20.6, 20.8, 20.9, 20.7];

        let t = welch(&one, &other).unwrap();

        assert!((t + 3.464).abs() < 0.01, "{t}");
        assert!(welch(&one, &one).unwrap().abs() < 1e-9);
        assert!(welch(&one, &[3.0]).is_none() && welch(&[1.0, 1.0], &[1.0, 1.0]).is_none());
    }
}
