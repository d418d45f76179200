namespace JanusEvents.Benchmarks.Ingest;

/// <summary>What a figure should reach.</summary>
/// <param name="Must">What it must reach.</param>
/// <param name="Stretch">What makes it the fastest.</param>
/// <param name="IsLeast">Whether more is better.</param>
internal sealed record Target(double Must, double Stretch, bool IsLeast)
{
    /// <summary>At least so much.</summary>
    public static Target AtLeast(double must, double stretch) => new(must, stretch, true);

    /// <summary>At most so much.</summary>
    public static Target AtMost(double must, double stretch) => new(must, stretch, false);

    /// <summary>In a word, what a figure reaches.</summary>
    public string Verdict(double value) => Reaches(value, Stretch) ? "stretch" : Reaches(value, Must) ? "must" : "short";

    private bool Reaches(double value, double target) => IsLeast ? value >= target : value <= target;
}
