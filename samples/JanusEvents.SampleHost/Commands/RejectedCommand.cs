using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace JanusEvents.SampleHost.Commands;

/// <summary>Prints what was rejected, and stores what its tables take by now.</summary>
internal static class RejectedCommand
{
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> ListAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, makesStore: false);
        await using Stream output = Console.OpenStandardOutput();
        await foreach (RejectedEvent rejected in services.Get<IRejectedEvents>().ReadAsync(cancellationToken))
            await output.WriteAsync(Line(rejected), cancellationToken);
        return 0;
    }

    public static async Task<int> RetryAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, makesStore: false);
        RejectedRetryResult done = await services.Get<IRejectedEvents>().RetryAsync(new ProgressLines(), cancellationToken);
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"Stored {done.Stored} of {done.Read} that were rejected; {done.Left} stay rejected."));
        return 0;
    }

    private static ReadOnlyMemory<byte> Line(RejectedEvent rejected)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, s_readable))
        {
            json.WriteStartObject();
            json.WriteNumber("id", rejected.Id);
            json.WriteString("arrived", rejected.ArrivedAt.UtcDateTime);
            json.WriteString("remote", rejected.RemoteAddress);
            json.WriteNumber("size", rejected.Size);
            json.WriteBoolean("bytes", rejected.HasBytes);
            json.WriteString("reason", rejected.Reason);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

    // Progress<T> would print on other threads, and late.
    private sealed class ProgressLines : IProgress<RejectedRetryResult>
    {
        public void Report(RejectedRetryResult value) =>
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Read} tried, {value.Stored} stored"));
    }
}
