namespace JanusEvents.Monitoring.State;

/// <summary>One m-line of an SDP.</summary>
/// <param name="Kind">Its kind: <c>audio</c>, <c>video</c>, <c>application</c>.</param>
/// <param name="Mid">Its id; null where it has none.</param>
/// <param name="Sends">Whether its author sends.</param>
/// <param name="Receives">Whether its author receives.</param>
internal readonly record struct SdpMedium(string Kind, string? Mid, bool Sends, bool Receives);

/// <summary>Reads of an SDP what the state needs: the directions of its media, and whether it has candidates.</summary>
internal static class SdpMedia
{
    // As many m-lines as Janus can send statistics of, with room to spare.
    private const int MaxMedia = 64;

    /// <summary>The m-lines, in order.</summary>
    /// <param name="sdp">The SDP.</param>
    /// <param name="hasCandidates">Whether it has a candidate.</param>
    public static SdpMedium[] Read(ReadOnlySpan<char> sdp, out bool hasCandidates)
    {
        List<SdpMedium> media = [];
        hasCandidates = false;
        (bool Sends, bool Receives) ofSession = (true, true);
        foreach (ReadOnlySpan<char> untrimmed in sdp.EnumerateLines())
        {
            ReadOnlySpan<char> line = untrimmed;
            if (line.StartsWith("m=", StringComparison.Ordinal))
            {
                if (media.Count == MaxMedia)
                    break;
                ReadOnlySpan<char> rest = line[2..];
                int space = rest.IndexOf(' ');
                ReadOnlySpan<char> kind = space < 0 ? rest : rest[..space];
                bool isRefused = space >= 0 && rest[(space + 1)..].StartsWith("0 ", StringComparison.Ordinal);
                media.Add(new SdpMedium(Word(kind), null, !isRefused && ofSession.Sends, !isRefused && ofSession.Receives));
                continue;
            }

            if (!line.StartsWith("a=", StringComparison.Ordinal))
                continue;
            ReadOnlySpan<char> attribute = line[2..].TrimEnd();
            if (attribute.StartsWith("candidate:", StringComparison.Ordinal))
            {
                hasCandidates = true;
            }
            else if (attribute.StartsWith("mid:", StringComparison.Ordinal) && media.Count > 0)
            {
                media[^1] = media[^1] with { Mid = Word(attribute[4..]) };
            }
            else if (Direction(attribute) is { } direction)
            {
                if (media.Count == 0)
                    ofSession = direction;
                else if (media[^1] is { Sends: true } or { Receives: true })
                    media[^1] = media[^1] with { Sends = direction.Sends, Receives = direction.Receives };
            }
        }

        return [.. media];
    }

    private static (bool Sends, bool Receives)? Direction(ReadOnlySpan<char> attribute) => attribute switch
    {
        "sendrecv" => (true, true),
        "sendonly" => (true, false),
        "recvonly" => (false, true),
        "inactive" => (false, false),
        _ => null,
    };

    // The same few words again and again.
    private static string Word(ReadOnlySpan<char> text) => text switch
    {
        "audio" => "audio",
        "video" => "video",
        "application" => "application",
        "0" => "0",
        "1" => "1",
        "2" => "2",
        _ => text.ToString(),
    };
}
