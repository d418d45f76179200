using System.Globalization;

namespace JanusEvents.Benchmarks.Ingest;

/// <summary>What several rounds gave.</summary>
internal sealed class Figures(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    /// <summary>The middle one, or the mean of the middle two.</summary>
    public double Median => (_sorted[(_sorted.Length - 1) / 2] + _sorted[_sorted.Length / 2]) / 2;

    /// <summary>The value that a part of all do not exceed.</summary>
    /// <param name="part">From 0 to 1.</param>
    public double Percentile(double part) => _sorted[(int)Math.Min(_sorted.Length - 1, part * _sorted.Length)];

    /// <summary>The median with the lowest and the highest.</summary>
    public string ToString(string format) => _sorted.Length == 1
        ? Text(_sorted[0], format)
        : $"{Text(Median, format)} ({Text(_sorted[0], format)}–{Text(_sorted[^1], format)})";

    /// <summary>The ratios of rounds that were measured side by side.</summary>
    public static Figures Ratios(IEnumerable<double> measured, IEnumerable<double> against) =>
        new(measured.Zip(against, (a, b) => a / b));

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
