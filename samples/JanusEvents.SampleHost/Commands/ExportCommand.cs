using System.Buffers;

namespace JanusEvents.SampleHost.Commands;

/// <summary>Prints stored events.</summary>
internal static class ExportCommand
{
    private const int ChunkBytes = 64 * 1024;

    public static async Task<int> RunAsync(IReadOnlyList<string> settings, EventQuery query, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, makesStore: false);
        await using Stream output = StandardOutput.Open();
        ArrayBufferWriter<byte> lines = new(2 * ChunkBytes);
        try
        {
            await foreach (JanusEvent e in services.Get<IEventStore>().ReadAsync(query, cancellationToken))
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
            return 0;
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
}
