using System.Buffers;

namespace JanusEvents.Events.Json;

/// <summary>
/// Writes events from their properties, under Janus's names and in Janus's order: the way back of <see cref="EventReader"/>
/// for events that were made by code.
/// </summary>
internal static class EventWriter
{
    /// <summary>Writes one event, a part of combined statistics as an event of its own.</summary>
    public static void Write(JanusEvent e, IBufferWriter<byte> buffer) => WriteEvent([e], new JsonText(buffer));

    /// <summary>
    /// Writes a body, an array of events. Parts of combined statistics that follow each other become one event again.
    /// </summary>
    public static void WriteAll(IReadOnlyList<JanusEvent> events, IBufferWriter<byte> buffer)
    {
        JsonText text = new(buffer);
        List<JanusEvent> parts = [];
        text.StartArray();
        for (int i = 0; i < events.Count; i++)
        {
            parts.Add(events[i]);
            if (i + 1 < events.Count && Part(events[i]) is { } part && Part(events[i + 1]) == part + 1)
                continue;

            WriteEvent(parts, text);
            parts.Clear();
        }

        text.EndArray();
    }

    /// <summary>Writes what the envelope of an event has.</summary>
    public static void WriteEnvelope(JanusEvent e, JsonText text)
    {
        WriteText("emitter", e.Emitter, text);
        WriteNumber("type", (int)e.Type, text);
        WriteNumber("subtype", e.Subtype, text);
        WriteNumber("timestamp", e.Envelope.TimestampMicroseconds, text);
        WriteNumber("session_id", e.SessionId, text);
        WriteNumber("handle_id", e.HandleId, text);
        WriteText("opaque_id", e.OpaqueId, text);
    }

    /// <summary>Writes the body of an event, as its properties tell it.</summary>
    public static void WriteBody(JanusEvent e, JsonText text)
    {
        if (e is UnknownEvent unknown)
        {
            text.Compact(unknown.Body);
            return;
        }

        text.StartObject();
        WriteProperties(e, text);
        text.EndObject();
    }

    private static int? Part(JanusEvent e) => (e as MediaStatsEvent)?.Part;

    private static void WriteEvent(List<JanusEvent> parts, JsonText text)
    {
        JanusEvent first = parts[0];
        bool combined = Part(first) is not null;
        if (!combined && !first.Json.IsEmpty)
        {
            text.Compact(first.Json);
            return;
        }

        text.StartObject();
        WriteEnvelope(first, text);
        if (first is not UnknownEvent { Body.IsEmpty: true })
        {
            text.Name("event");
            if (combined)
                text.StartArray();
            foreach (JanusEvent part in parts)
                WriteWhole(part, text);
            if (combined)
                text.EndArray();
        }

        UnmodelledRest.Of(first)?.WriteEnvelope(first, text);
        text.EndObject();
    }

    private static void WriteWhole(JanusEvent part, JsonText text)
    {
        if (UnmodelledRest.Of(part) is { } rest)
            rest.WriteBody(part, text);
        else
            WriteBody(part, text);
    }

    private static void WriteProperties(JanusEvent e, JsonText text)
    {
        switch (e)
        {
            case SessionEvent session:
                WriteText("name", session.Name, text);
                if (Begin("transport", session.Transport is not null || session.TransportId is not null, text))
                {
                    WriteText("transport", session.Transport, text);
                    WriteText("id", session.TransportId, text);
                    text.EndObject();
                }

                break;
            case HandleEvent handle:
                WriteText("name", handle.Name, text);
                WriteText("plugin", handle.Plugin, text);
                WriteText("opaque_id", handle.BodyOpaqueId, text);
                WriteText("token", handle.Token, text);
                break;
            case ExternalEvent external:
                WriteText("schema", external.Schema, text);
                WriteRaw("data", external.Data, text);
                break;
            case JsepEvent jsep:
                WriteText("owner", jsep.Owner, text);
                if (Begin("jsep", jsep.SdpType is not null || jsep.Sdp is not null, text))
                {
                    WriteText("type", jsep.SdpType, text);
                    WriteText("sdp", jsep.Sdp, text);
                    text.EndObject();
                }

                break;
            case IceStateEvent ice:
                WriteText("ice", ice.State, text);
                WritePlace(ice.StreamId, ice.ComponentId, text);
                break;
            case LocalCandidateEvent local:
                WriteText("local-candidate", local.Candidate, text);
                WritePlace(local.StreamId, local.ComponentId, text);
                break;
            case RemoteCandidateEvent remote:
                WriteText("remote-candidate", remote.Candidate, text);
                WritePlace(remote.StreamId, remote.ComponentId, text);
                break;
            case SelectedPairEvent pair:
                WriteText("selected-pair", pair.Pair, text);
                if (Begin("candidates", pair.Local is not null || pair.Remote is not null, text))
                {
                    WriteCandidate("local", pair.Local, text);
                    WriteCandidate("remote", pair.Remote, text);
                    text.EndObject();
                }

                WritePlace(pair.StreamId, pair.ComponentId, text);
                break;
            case DtlsEvent dtls:
                WriteText("dtls", dtls.State, text);
                WritePlace(dtls.StreamId, dtls.ComponentId, text);
                WriteNumber("retransmissions", dtls.Retransmissions, text);
                break;
            case ConnectionEvent connection:
                WriteText("connection", connection.State, text);
                WriteText("reason", connection.Reason, text);
                break;
            case MediaStateEvent media:
                WriteText("media", media.Media, text);
                WriteText("mid", media.Mid, text);
                WriteNumber("substream", media.Substream, text);
                if (media.Receiving is { } receiving)
                {
                    text.Name("receiving");
                    text.Boolean(receiving);
                }

                WriteNumber("seconds", media.Seconds, text);
                break;
            case SlowLinkEvent slowLink:
                WriteText("media", slowLink.Media, text);
                WriteText("mid", slowLink.Mid, text);
                WriteText("slow_link", slowLink.SlowLink, text);
                WriteNumber("lost_lastsec", slowLink.LostLastSecond, text);
                WriteNumber("nacks_lastsec", slowLink.NacksLastSecond, text);
                break;
            case MediaStatsEvent stats:
                MediaStatsBody.Write(stats, text);
                break;
            case PluginEvent plugin:
                WriteText("plugin", plugin.Plugin, text);
                WriteRaw("data", plugin.Data, text);
                break;
            case TransportEvent transport:
                WriteText("transport", transport.Transport, text);
                WriteText("id", transport.Id, text);
                WriteRaw("data", transport.Data, text);
                break;
            case CoreEvent core:
                WriteText("status", core.Status, text);
                WriteRaw("info", core.Info, text);
                WriteNumber("signum", core.Signum, text);
                break;
            default:
                throw new InvalidOperationException($"No writer for {e.GetType().Name}.");
        }
    }

    private static void WriteCandidate(string side, IceCandidate? candidate, JsonText text)
    {
        if (candidate is null)
            return;

        text.Name(side);
        text.StartObject();
        WriteText("address", candidate.Address, text);
        WriteNumber("port", candidate.Port, text);
        WriteText("type", candidate.Type, text);
        WriteText("transport", candidate.Transport, text);
        WriteNumber("family", candidate.Family, text);
        text.EndObject();
    }

    private static void WritePlace(long? stream, long? component, JsonText text)
    {
        WriteNumber("stream_id", stream, text);
        WriteNumber("component_id", component, text);
    }

    /// <summary>Begins an inner object if it has anything.</summary>
    private static bool Begin(string name, bool any, JsonText text)
    {
        if (any)
        {
            text.Name(name);
            text.StartObject();
        }

        return any;
    }

    private static void WriteText(string name, string? value, JsonText text)
    {
        if (value is not null)
        {
            text.Name(name);
            text.String(value);
        }
    }

    private static void WriteNumber(string name, long? value, JsonText text)
    {
        if (value is { } number)
        {
            text.Name(name);
            text.Number(number);
        }
    }

    private static void WriteRaw(string name, RawJson value, JsonText text)
    {
        if (!value.IsEmpty)
        {
            text.Name(name);
            text.Compact(value);
        }
    }
}
