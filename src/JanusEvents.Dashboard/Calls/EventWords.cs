using System.Globalization;
using System.Text.Json;

namespace JanusEvents.Dashboard.Calls;

/// <summary>Says in a few words what an event is, for lists of events.</summary>
internal static class EventWords
{
    private const int Longest = 200;

    /// <summary>A short description of an event.</summary>
    public static string Of(JanusEvent e)
    {
        string text = e switch
        {
            SessionEvent session => session.Name ?? "",
            HandleEvent handle => $"{handle.Name} {handle.Plugin}",
            JsepEvent jsep => $"{jsep.Owner} {jsep.SdpType}",
            IceStateEvent ice => ice.State ?? "",
            LocalCandidateEvent local => local.Candidate ?? "",
            RemoteCandidateEvent remote => remote.Candidate ?? "",
            SelectedPairEvent pair => pair.Pair ?? $"{pair.Local?.Type} {pair.Local?.Transport} ↔ {pair.Remote?.Type}",
            DtlsEvent dtls => dtls.Retransmissions > 0 ? string.Create(CultureInfo.InvariantCulture, $"{dtls.State}, {dtls.Retransmissions} retransmissions") : dtls.State ?? "",
            ConnectionEvent connection => connection.Reason is null ? connection.State ?? "" : $"{connection.State}: {connection.Reason}",
            MediaStateEvent media => $"{media.Media} {media.Mid} {(media.Receiving == true ? "arrives" : "no longer arrives")}",
            SlowLinkEvent slow => string.Create(CultureInfo.InvariantCulture, $"{slow.Media} {slow.SlowLink}, {slow.LostLastSecond} lost"),
            MediaStatsEvent statistics => string.Create(
                CultureInfo.InvariantCulture, $"{statistics.Media} {statistics.Mid}: {statistics.PacketsReceived} packets in, {statistics.PacketsSent} out, {statistics.Lost} lost"),
            PluginEvent plugin => $"{plugin.Plugin} {WordOf(plugin.Data)}",
            TransportEvent transport => $"{transport.Transport} {WordOf(transport.Data)}",
            CoreEvent core => core.Status ?? "",
            _ => "",
        };
        text = text.Trim();
        return text.Length > Longest ? string.Concat(text.AsSpan(0, Longest), "…") : text;
    }

    // The property that plugins and transports say in what happened.
    private static string? WordOf(RawJson data)
    {
        if (data.IsEmpty || data.Utf8.Span[0] != (byte)'{')
            return null;
        try
        {
            Utf8JsonReader reader = new(data.Utf8.Span, new JsonReaderOptions { MaxDepth = RawJson.MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                    continue;
                bool isWord = reader.ValueTextEquals("event"u8);
                if (isWord && reader.Read())
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }
        catch (JsonException)
        {
            // Invalid JSON has no word.
        }
        catch (InvalidOperationException)
        {
            // A string that is no text neither.
        }

        return null;
    }
}
