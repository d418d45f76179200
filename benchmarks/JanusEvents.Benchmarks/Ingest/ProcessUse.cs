using System.Globalization;

namespace JanusEvents.Benchmarks.Ingest;

/// <summary>What Linux says a process has used.</summary>
internal static class ProcessUse
{
    // USER_HZ, which is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>The processor seconds that it has used so far.</summary>
    public static double ProcessorSeconds(int process)
    {
        // The name, in parentheses, may hold anything.
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>The memory that it holds now (resident set size), in megabytes of 1,000,000 bytes.</summary>
    public static double ResidentMegabytes(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6, line.Length - 9).Trim(), CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
