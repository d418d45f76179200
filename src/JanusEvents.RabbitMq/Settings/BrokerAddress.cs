using System.Diagnostics.CodeAnalysis;

namespace JanusEvents.RabbitMq.Settings;

/// <summary>The address of a broker with one or more nodes.</summary>
/// <param name="First">The whole address with its first node only.</param>
/// <param name="Nodes">Host and port of each node.</param>
internal sealed record BrokerAddress(Uri First, IReadOnlyList<(string Host, int Port)> Nodes)
{
    private const string Plain = "amqp";
    private const string Secure = "amqps";
    private const int PlainPort = 5672;
    private const int SecurePort = 5671;

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsSecure => First.Scheme == Secure;

    /// <summary>Reads an address whose nodes are separated by commas.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out BrokerAddress? address)
    {
        address = null;
        int begin = text?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (begin < 0)
            return false;

        begin += 3;
        int end = text!.IndexOfAny(['/', '?', '#'], begin);
        end = end < 0 ? text.Length : end;
        int hosts = text.LastIndexOf('@', end - 1, end - begin) + 1;
        hosts = hosts == 0 ? begin : hosts;
        List<Uri> uris = [];
        foreach (string host in text[hosts..end].Split(',', StringSplitOptions.TrimEntries))
        {
            if (host.Length == 0
                || !Uri.TryCreate($"{text[..hosts]}{host}{text[end..]}", UriKind.Absolute, out Uri? uri)
                || uri.Scheme is not (Plain or Secure)
                || uri.Host.Length == 0
                || uri.Segments.Length > 2)
            {
                return false;
            }

            uris.Add(uri);
        }

        address = new BrokerAddress(uris[0], [.. uris.Select(uri => (uri.IdnHost, uri.Port > 0 ? uri.Port : uri.Scheme == Secure ? SecurePort : PlainPort))]);
        return true;
    }
}
