using System.Globalization;

namespace JanusEvents.Benchmarks.Ingest;

/// <summary>The one table of results, in Markdown.</summary>
internal sealed class ReportTable
{
    private readonly List<string[]> _lines =
    [
        ["what", "measured", "against", "result", "must", "stretch", "reached"],
    ];

    /// <summary>Adds a line.</summary>
    /// <param name="what">What was measured.</param>
    /// <param name="measured">The figure with its unit.</param>
    /// <param name="against">What it is compared with, with its unit; empty when with nothing.</param>
    /// <param name="result">What the targets are about: a ratio, or the figure itself.</param>
    /// <param name="format">How to write it.</param>
    /// <param name="target">The targets; null where there are none.</param>
    /// <param name="value">The value that must reach them, where it is not the median.</param>
    public void Add(string what, string measured, string against, Figures result, string format, Target? target, double? value = null)
    {
        string Number(double number) => number.ToString(format, CultureInfo.InvariantCulture);
        string sign = target is null ? "" : target.IsLeast ? "≥ " : "≤ ";
        _lines.Add(
        [
            what, measured, against, value is { } one ? Number(one) : result.ToString(format),
            target is null ? "" : sign + Number(target.Must),
            target is null ? "" : sign + Number(target.Stretch),
            target is null ? "" : target.Verdict(value ?? result.Median),
        ]);
    }

    /// <summary>Writes it, every column as wide as its widest cell.</summary>
    public void Write(TextWriter output)
    {
        int[] widths = [.. _lines[0].Select((_, column) => _lines.Max(line => line[column].Length))];
        Write(_lines[0], ' ');
        Write([.. widths.Select(_ => "")], '-');
        foreach (string[] line in _lines.Skip(1))
            Write(line, ' ');

        void Write(string[] line, char filler) =>
            output.WriteLine("|" + string.Join('|', line.Select((cell, i) => $"{filler}{cell.PadRight(widths[i], filler)}{filler}")) + "|");
    }
}
