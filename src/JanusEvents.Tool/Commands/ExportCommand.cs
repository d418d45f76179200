using System.Buffers;
using System.Globalization;
using JanusEvents.Tool.Output;
using JanusEvents.Tool.Stores;

namespace JanusEvents.Tool.Commands;

/// <summary>Prints stored events.</summary>
internal static class ExportCommand
{
    private const int ChunkBytes = 64 * 1024;

    public static async Task<int> RunAsync(IReadOnlyList<string> settings, EventQuery query, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, createsStore: false);
        await using Stream output = StandardOutput.Open();
        using ProgressDisplay display = ProgressDisplay.OnStandardError();
        DamagedRowLines damaged = new(display);
        ArrayBufferWriter<byte> lines = new(2 * ChunkBytes);
        long events = 0;
        try
        {
            await foreach (JanusEvent e in services.Get<IEventStore>().ReadAsync(query with { DamagedRows = damaged }, cancellationToken))
            {
                // Each part of a combined statistics event has the whole of it.
                if (e is MediaStatsEvent { Part: > 0 })
                    continue;

                e.WriteTo(lines);
                lines.Write("\n"u8);
                events++;
                if (lines.WrittenCount >= ChunkBytes)
                    await FlushAsync();
            }

            await FlushAsync();
            return damaged.WriteSum();
        }
        catch (IOException e) when (StandardOutput.IsClosedPipe(e))
        {
            return ExitCode.Done;
        }

        async Task FlushAsync()
        {
            await output.WriteAsync(lines.WrittenMemory, cancellationToken);
            lines.ResetWrittenCount();

            // Not between the events on the same terminal.
            if (Console.IsOutputRedirected)
                display.ShowBar(part: null, $"{events} events exported");
        }
    }

    /// <summary>Writes a line for each damaged row.</summary>
    private sealed class DamagedRowLines(ProgressDisplay display) : IProgress<DamagedRow>
    {
        private long _rows;
        private long _lost;

        public void Report(DamagedRow value)
        {
            _rows++;
            _lost += value.HasEvent ? 0 : 1;
            display.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{value.Table}, row {value.Number}: {value.Reason}{(value.HasEvent ? "" : " It is not exported.")}"));
        }

        /// <summary>Writes how many there were.</summary>
        /// <returns>The exit code of the command.</returns>
        public int WriteSum()
        {
            if (_rows == 0)
                return ExitCode.Done;

            display.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{_rows} damaged rows, reported above; {_rows - _lost} of them are exported with what they hold."));
            return ExitCode.Failed;
        }
    }
}
