using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace JanusEvents.Benchmarks.Questions;

/// <summary>
/// Fills the tables with the events of many calls, and measures what the indexes give to who asks and cost who writes:
/// the same questions and the same INSERTs without them, and with them.
/// </summary>
internal static class QuestionsCommand
{
    public const string Verb = "questions";

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (QuestionsOptions.Read(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(QuestionsOptions.Usage);
            return 2;
        }

        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) ?? ": unknown";
        Console.WriteLine(
            $"{Environment.ProcessorCount} × {processor[(processor.IndexOf(':', StringComparison.Ordinal) + 2)..]}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        foreach (string name in new[] { MariaDbScene.DatabaseName, SqliteScene.DatabaseName }.Where(n => options.Only is null || options.Only == n))
        {
            long started = Stopwatch.GetTimestamp();
            await using QuestionScene scene = name == MariaDbScene.DatabaseName ? await MariaDbScene.StartAsync() : new SqliteScene();
            await new QuestionRun(scene, options).RunAsync(Console.Out);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"\nIt took {Stopwatch.GetElapsedTime(started).TotalMinutes:0.0} minutes. The load of the machine: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}."));
        }

        return 0;
    }
}
