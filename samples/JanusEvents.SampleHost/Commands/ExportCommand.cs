using System.Buffers;
using System.Globalization;

namespace JanusEvents.SampleHost.Commands;

/// <summary>Prints stored events.</summary>
internal static class ExportCommand
{
    private const int ChunkBytes = 64 * 1024;

    public static async Task<int> RunAsync(IReadOnlyList<string> settings, EventQuery query, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, makesStore: false);
        await using Stream output = StandardOutput.Open();
        DamagedRowLines damaged = new();
        ArrayBufferWriter<byte> lines = new(2 * ChunkBytes);
        try
        {
            await foreach (JanusEvent e in services.Get<IEventStore>().ReadAsync(query with { DamagedRows = damaged }, cancellationToken))
            {
                // Each part of a combined statistics event has the whole of it.
                if (e is MediaStatsEvent { Part: > 0 })
                    continue;

                e.WriteTo(lines);
                lines.Write("\n"u8);
                if (lines.WrittenCount >= ChunkBytes)
                    await FlushAsync();
            }

            await FlushAsync();
            return damaged.PrintSum();
        }
        catch (IOException e) when (StandardOutput.IsClosedPipe(e))
        {
            return 0;
        }

        async Task FlushAsync()
        {
            await output.WriteAsync(lines.WrittenMemory, cancellationToken);
            lines.ResetWrittenCount();
        }
    }

    /// <summary>Prints what is not as JanusEvents writes it.</summary>
    private sealed class DamagedRowLines : IProgress<DamagedRow>
    {
        private long _rows;
        private long _lost;

        public void Report(DamagedRow value)
        {
            _rows++;
            _lost += value.HasEvent ? 0 : 1;
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{value.Table}, row {value.Number}: {value.Reason}{(value.HasEvent ? "" : " It is not exported.")}"));
        }

        /// <summary>Says how many there were.</summary>
        /// <returns>The exit status of the command.</returns>
        public int PrintSum()
        {
            if (_rows == 0)
                return 0;

            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{_rows} rows are not as JanusEvents writes them, as told above; {_rows - _lost} of them are exported with what they hold."));
            return 1;
        }
    }
}
