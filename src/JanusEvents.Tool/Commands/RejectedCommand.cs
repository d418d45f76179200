using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using JanusEvents.Tool.Output;
using JanusEvents.Tool.Stores;

namespace JanusEvents.Tool.Commands;

/// <summary>Prints what was rejected, and stores what its tables accept now.</summary>
internal static class RejectedCommand
{
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> ListAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, createsStore: false);
        await using Stream output = Console.OpenStandardOutput();
        await foreach (RejectedEvent rejected in services.Get<IRejectedEvents>().ReadAsync(cancellationToken))
            await output.WriteAsync(Line(rejected), cancellationToken);
        return ExitCode.Done;
    }

    public static async Task<int> RetryAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, createsStore: false);
        using ProgressDisplay display = ProgressDisplay.OnStandardError();
        RejectedRetryResult done = await services.Get<IRejectedEvents>().RetryAsync(new RetryProgress(display), cancellationToken);
        display.Clear();
        display.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Stored {done.Stored} of {done.Read} rejected events; {done.Left} stay rejected."));
        return ExitCode.Done;
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
    private sealed class RetryProgress(ProgressDisplay display) : IProgress<RejectedRetryResult>
    {
        public void Report(RejectedRetryResult value) => display.Show(
            part: null, string.Create(CultureInfo.InvariantCulture, $"{value.Read} rejected events tried, {value.Stored} stored"));
    }
}
