using System.Buffers;
using System.Text;
using System.Text.Json;

namespace JanusEvents.Events.Json;

/// <summary>
/// Reads one event in place, whatever order its properties come in. Janus sends the body last, so that it is read in
/// passing; where the body comes before what decides its form, it is read again once the rest is known.
/// </summary>
internal ref struct EventReader
{
    private readonly ReadOnlyMemory<byte> _json;
    private readonly JsonReaderOptions _options;
    private readonly StringPool _pool;
    private Utf8JsonReader _reader;
    private int _readerOffset;

    // A property that came twice: no column could give both back, so the event is kept as it came.
    private bool _repeated;

    /// <summary>Whether the JSON has something that no property of the model gives back.</summary>
    internal bool HasMore { get; set; }

    /// <summary>Begins to read the event at the beginning of some JSON; what follows it is left alone.</summary>
    public EventReader(ReadOnlyMemory<byte> json, JsonReaderOptions options, StringPool pool)
    {
        _json = json;
        _options = options;
        _pool = pool;
        _reader = new Utf8JsonReader(json.Span, options);
    }

    /// <summary>Reads the event and adds it, or its parts, to a list.</summary>
    /// <returns>The event's length, and why it is none, if so.</returns>
    /// <exception cref="JsonException">It is not JSON, or it nests too deep.</exception>
    public (int Length, string? Rejected) Read(List<JanusEvent> events)
    {
        _reader.Read();
        EventEnvelope envelope = default;
        uint seen = 0;
        bool hasType = false;
        bool bodyRead = false;
        Range body = default;
        int first = events.Count;
        int next = 0;

        while (NextProperty(out ReadOnlySpan<byte> name))
        {
            if (!EnvelopeProperties.Names.TryFind(name, ref next, out EnvelopeProperty property))
            {
                SkipUnknown();
                continue;
            }

            Once(ref seen, (int)property);
            _reader.Read();
            switch (property)
            {
                case EnvelopeProperty.Emitter:
                    envelope.Emitter = Text();
                    break;
                case EnvelopeProperty.Type:
                    int? type = Int32();
                    hasType = type is not null;
                    envelope.Type = (JanusEventType)type.GetValueOrDefault();
                    break;
                case EnvelopeProperty.Subtype:
                    envelope.Subtype = Int32();
                    break;
                case EnvelopeProperty.Timestamp:
                    envelope.TimestampMicroseconds = Number();
                    break;
                case EnvelopeProperty.SessionId:
                    envelope.SessionId = Number();
                    break;
                case EnvelopeProperty.HandleId:
                    envelope.HandleId = Number();
                    break;
                case EnvelopeProperty.OpaqueId:
                    envelope.OpaqueId = Text();
                    break;
                case EnvelopeProperty.Event:
                    int start = Position();
                    BodyKind kind = hasType ? BodyKinds.Of(envelope.Type, envelope.Subtype) : BodyKind.Undetermined;
                    bodyRead = kind != BodyKind.Undetermined;
                    if (bodyRead)
                        ReadBody(kind, events);
                    else
                        _reader.Skip();
                    body = start..End();
                    break;
            }
        }

        int length = End();
        if (!hasType)
        {
            events.RemoveRange(first, events.Count - first);
            return (length, "The object has no integer \"type\", so it is no event of Janus.");
        }

        if (!_repeated && !bodyRead && body.End.Value > 0)
            ReadBodyAgain(body, envelope, events);

        if (_repeated || events.Count == first)
        {
            events.RemoveRange(first, events.Count - first);
            events.Add(new UnknownEvent { Body = new RawJson(_json[body]) });
        }

        envelope.Json = _json[..length];
        envelope.HasMore = HasMore;
        for (int i = first; i < events.Count; i++)
            events[i].Envelope = envelope;
        return (length, null);
    }

    private void ReadBodyAgain(Range body, in EventEnvelope envelope, List<JanusEvent> events)
    {
        BodyKind kind = BodyKinds.Of(envelope.Type, envelope.Subtype);
        if (kind == BodyKind.Undetermined)
        {
            Restart(body);
            kind = KindByKeys(envelope.Type);
        }

        Restart(body);
        ReadBody(kind, events);
    }

    private void Restart(Range part)
    {
        _readerOffset = part.Start.Value;
        _reader = new Utf8JsonReader(_json.Span[part], _options);
        _reader.Read();
    }

    private BodyKind KindByKeys(JanusEventType type)
    {
        if (_reader.TokenType == JsonTokenType.StartArray && type == JanusEventType.Media)
            return BodyKind.MediaStats;

        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            while (NextProperty(out ReadOnlySpan<byte> name))
            {
                if (BodyKinds.TryOfKey(type, name, out BodyKind kind))
                    return kind;
                SkipValue();
            }
        }

        return BodyKind.Unknown;
    }

    /// <summary>Reads the body that the reader stands on; adds nothing when it has not the form of its kind.</summary>
    private void ReadBody(BodyKind kind, List<JanusEvent> events)
    {
        if (kind == BodyKind.MediaStats && _reader.TokenType == JsonTokenType.StartArray)
        {
            ReadCombinedStats(events);
            return;
        }

        if (kind == BodyKind.Unknown || _reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return;
        }

        events.Add(kind switch
        {
            BodyKind.Session => ReadSession(),
            BodyKind.Handle => ReadHandle(),
            BodyKind.External => ReadExternal(),
            BodyKind.Jsep => ReadJsep(),
            BodyKind.IceState => ReadWebRtc("ice"u8, (state, stream, component) =>
                new IceStateEvent { State = state, StreamId = stream, ComponentId = component }),
            BodyKind.LocalCandidate => ReadWebRtc("local-candidate"u8, (candidate, stream, component) =>
                new LocalCandidateEvent { Candidate = candidate, StreamId = stream, ComponentId = component }),
            BodyKind.RemoteCandidate => ReadWebRtc("remote-candidate"u8, (candidate, stream, component) =>
                new RemoteCandidateEvent { Candidate = candidate, StreamId = stream, ComponentId = component }),
            BodyKind.SelectedPair => ReadSelectedPair(),
            BodyKind.Dtls => ReadDtls(),
            BodyKind.Connection => ReadConnection(),
            BodyKind.MediaState => ReadMediaState(),
            BodyKind.SlowLink => ReadSlowLink(),
            BodyKind.MediaStats => MediaStatsBody.Read(ref this, part: null),
            BodyKind.Plugin => ReadPlugin(),
            BodyKind.Transport => ReadTransport(),
            BodyKind.Core => ReadCore(),
            _ => throw new InvalidOperationException($"No reader for {kind}."),
        });
    }

    private void ReadCombinedStats(List<JanusEvent> events)
    {
        int first = events.Count;
        int depth = _reader.CurrentDepth;
        bool objectsOnly = true;
        for (int part = 0; _reader.Read() && _reader.CurrentDepth > depth; part++)
        {
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                events.Add(MediaStatsBody.Read(ref this, part));
            }
            else
            {
                _reader.Skip();
                objectsOnly = false;
            }
        }

        if (!objectsOnly)
            events.RemoveRange(first, events.Count - first);
    }

    private SessionEvent ReadSession()
    {
        string? name = null, transport = null, transportId = null;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "name"u8, ref seen, 0))
                name = Text();
            else if (Is(property, "transport"u8, ref seen, 1))
                (transport, transportId) = ReadSessionTransport();
            else
                SkipUnknown();
        }

        return new SessionEvent { Name = name, Transport = transport, TransportId = transportId };
    }

    private (string? Transport, string? Id) ReadSessionTransport()
    {
        string? transport = null, id = null;
        uint seen = 0;
        if (!InObject())
            return default;

        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "transport"u8, ref seen, 0))
                transport = Text();
            else if (Is(property, "id"u8, ref seen, 1))
                id = Text();
            else
                SkipUnknown();
        }

        NoteEmpty(seen);
        return (transport, id);
    }

    private HandleEvent ReadHandle()
    {
        string? name = null, plugin = null, opaqueId = null, token = null;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "name"u8, ref seen, 0))
                name = Text();
            else if (Is(property, "plugin"u8, ref seen, 1))
                plugin = Text();
            else if (Is(property, "opaque_id"u8, ref seen, 2))
                opaqueId = Text();
            else if (Is(property, "token"u8, ref seen, 3))
                token = Text();
            else
                SkipUnknown();
        }

        return new HandleEvent { Name = name, Plugin = plugin, BodyOpaqueId = opaqueId, Token = token };
    }

    private ExternalEvent ReadExternal()
    {
        string? schema = null;
        RawJson data = default;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "schema"u8, ref seen, 0))
                schema = Text();
            else if (Is(property, "data"u8, ref seen, 1))
                data = Raw();
            else
                SkipUnknown();
        }

        return new ExternalEvent { Schema = schema, Data = data };
    }

    private JsepEvent ReadJsep()
    {
        string? owner = null, type = null, sdp = null;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "owner"u8, ref seen, 0))
                owner = Text();
            else if (Is(property, "jsep"u8, ref seen, 1))
                (type, sdp) = ReadSdp();
            else
                SkipUnknown();
        }

        return new JsepEvent { Owner = owner, SdpType = type, Sdp = sdp };
    }

    private (string? Type, string? Sdp) ReadSdp()
    {
        string? type = null, sdp = null;
        uint seen = 0;
        if (!InObject())
            return default;

        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "type"u8, ref seen, 0))
                type = Text();
            else if (Is(property, "sdp"u8, ref seen, 1))
                sdp = Text();
            else
                SkipUnknown();
        }

        NoteEmpty(seen);
        return (type, sdp);
    }

    private JanusEvent ReadWebRtc(ReadOnlySpan<byte> key, Func<string?, long?, long?, JanusEvent> make)
    {
        string? value = null;
        long? stream = null, component = null;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, key, ref seen, 0))
                value = Text();
            else if (!IsPlace(property, ref seen, ref stream, ref component))
                SkipUnknown();
        }

        return make(value, stream, component);
    }

    private SelectedPairEvent ReadSelectedPair()
    {
        string? pair = null;
        IceCandidate? local = null, remote = null;
        long? stream = null, component = null;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "selected-pair"u8, ref seen, 0))
                pair = Text();
            else if (Is(property, "candidates"u8, ref seen, 1))
                (local, remote) = ReadCandidates();
            else if (!IsPlace(property, ref seen, ref stream, ref component))
                SkipUnknown();
        }

        return new SelectedPairEvent { Pair = pair, Local = local, Remote = remote, StreamId = stream, ComponentId = component };
    }

    private (IceCandidate? Local, IceCandidate? Remote) ReadCandidates()
    {
        IceCandidate? local = null, remote = null;
        uint seen = 0;
        if (!InObject())
            return default;

        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "local"u8, ref seen, 0))
                local = ReadCandidate();
            else if (Is(property, "remote"u8, ref seen, 1))
                remote = ReadCandidate();
            else
                SkipUnknown();
        }

        NoteEmpty(seen);
        return (local, remote);
    }

    private IceCandidate? ReadCandidate()
    {
        string? address = null, type = null, transport = null;
        long? port = null, family = null;
        uint seen = 0;
        if (!InObject())
            return null;

        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "address"u8, ref seen, 0))
                address = Text();
            else if (Is(property, "port"u8, ref seen, 1))
                port = Number();
            else if (Is(property, "type"u8, ref seen, 2))
                type = Text();
            else if (Is(property, "transport"u8, ref seen, 3))
                transport = Text();
            else if (Is(property, "family"u8, ref seen, 4))
                family = Number();
            else
                SkipUnknown();
        }

        NoteEmpty(seen);
        return new IceCandidate(address, port, type, transport, family);
    }

    private DtlsEvent ReadDtls()
    {
        string? state = null;
        long? retransmissions = null, stream = null, component = null;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "dtls"u8, ref seen, 0))
                state = Text();
            else if (Is(property, "retransmissions"u8, ref seen, 1))
                retransmissions = Number();
            else if (!IsPlace(property, ref seen, ref stream, ref component))
                SkipUnknown();
        }

        return new DtlsEvent { State = state, Retransmissions = retransmissions, StreamId = stream, ComponentId = component };
    }

    private ConnectionEvent ReadConnection()
    {
        string? state = null, reason = null;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "connection"u8, ref seen, 0))
                state = Text();
            else if (Is(property, "reason"u8, ref seen, 1))
                reason = Text();
            else
                SkipUnknown();
        }

        return new ConnectionEvent { State = state, Reason = reason };
    }

    private MediaStateEvent ReadMediaState()
    {
        string? media = null, mid = null;
        bool? receiving = null;
        long? substream = null, seconds = null;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "media"u8, ref seen, 0))
                media = Text();
            else if (Is(property, "mid"u8, ref seen, 1))
                mid = Text();
            else if (Is(property, "receiving"u8, ref seen, 2))
                receiving = Boolean();
            else if (Is(property, "substream"u8, ref seen, 3))
                substream = Number();
            else if (Is(property, "seconds"u8, ref seen, 4))
                seconds = Number();
            else
                SkipUnknown();
        }

        return new MediaStateEvent { Media = media, Mid = mid, Receiving = receiving, Substream = substream, Seconds = seconds };
    }

    private SlowLinkEvent ReadSlowLink()
    {
        string? media = null, mid = null, slowLink = null;
        long? lost = null, nacks = null;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "media"u8, ref seen, 0))
                media = Text();
            else if (Is(property, "mid"u8, ref seen, 1))
                mid = Text();
            else if (Is(property, "slow_link"u8, ref seen, 2))
                slowLink = Text();
            else if (Is(property, "lost_lastsec"u8, ref seen, 3))
                lost = Number();
            else if (Is(property, "nacks_lastsec"u8, ref seen, 4))
                nacks = Number();
            else
                SkipUnknown();
        }

        return new SlowLinkEvent { Media = media, Mid = mid, SlowLink = slowLink, LostLastSecond = lost, NacksLastSecond = nacks };
    }

    private PluginEvent ReadPlugin()
    {
        string? plugin = null;
        RawJson data = default;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "plugin"u8, ref seen, 0))
                plugin = Text();
            else if (Is(property, "data"u8, ref seen, 1))
                data = Raw();
            else
                SkipUnknown();
        }

        return new PluginEvent { Plugin = plugin, Data = data };
    }

    private TransportEvent ReadTransport()
    {
        string? transport = null, id = null;
        RawJson data = default;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "transport"u8, ref seen, 0))
                transport = Text();
            else if (Is(property, "id"u8, ref seen, 1))
                id = Text();
            else if (Is(property, "data"u8, ref seen, 2))
                data = Raw();
            else
                SkipUnknown();
        }

        return new TransportEvent { Transport = transport, Id = id, Data = data };
    }

    private CoreEvent ReadCore()
    {
        string? status = null;
        RawJson info = default;
        long? signum = null;
        uint seen = 0;
        while (NextProperty(out ReadOnlySpan<byte> property))
        {
            if (Is(property, "status"u8, ref seen, 0))
                status = Text();
            else if (Is(property, "info"u8, ref seen, 1))
                info = Raw();
            else if (Is(property, "signum"u8, ref seen, 2))
                signum = Number();
            else
                SkipUnknown();
        }

        return new CoreEvent { Status = status, Info = info, Signum = signum };
    }

    /// <summary>Moves to the next property of the object that was entered.</summary>
    internal bool NextProperty(out ReadOnlySpan<byte> name)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.PropertyName)
        {
            name = default;
            return false;
        }

        name = _reader.ValueIsEscaped ? Unescaped() : _reader.ValueSpan;
        return true;
    }

    /// <summary>Moves to the property's value and notes that the property was there.</summary>
    internal void EnterValue(ref uint seen, int place)
    {
        Once(ref seen, place);
        _reader.Read();
    }

    /// <summary>Passes over the value of a property that the model does not know.</summary>
    internal void SkipUnknown()
    {
        HasMore = true;
        SkipValue();
    }

    private void SkipValue()
    {
        _reader.Read();
        _reader.Skip();
    }

    /// <summary>Notes an inner object without any of its properties: none of them tells that it was there.</summary>
    internal void NoteEmpty(uint seen) => HasMore |= seen == 0;

    /// <summary>Passes over a value that has not the form that its property has in the model.</summary>
    private void SkipMisfit()
    {
        HasMore = true;
        _reader.Skip();
    }

    /// <summary>True when the value is an object, which is entered then; else the value is skipped.</summary>
    internal bool InObject()
    {
        if (_reader.TokenType == JsonTokenType.StartObject)
            return true;
        SkipMisfit();
        return false;
    }

    /// <summary>The value if it is a string that has a meaning as text (a lone surrogate has none).</summary>
    internal string? Text()
    {
        if (_reader.TokenType != JsonTokenType.String)
        {
            SkipMisfit();
            return null;
        }

        return _reader.ValueIsEscaped ? UnescapedText() : _pool.Get(_reader.ValueSpan);
    }

    /// <summary>The value if it is a number that a 64-bit integer gives back as it was written.</summary>
    internal long? Number() => TryNumber(out long number) ? number : null;

    internal bool TryNumber(out long number)
    {
        number = 0;
        if (_reader.TokenType != JsonTokenType.Number)
        {
            SkipMisfit();
            return false;
        }

        // The reader has checked the grammar, so digits alone are a number; up to 18 of them fit.
        ReadOnlySpan<byte> text = _reader.ValueSpan;
        if (text.Length > 18)
            return TryUnusualNumber(out number);
        foreach (byte character in text)
        {
            uint digit = character - (uint)'0';
            if (digit > 9)
                return TryUnusualNumber(out number);
            number = (number * 10) + digit;
        }

        return true;
    }

    // A negative zero is written "-0", which no integer gives back.
    private bool TryUnusualNumber(out long number)
    {
        bool exact = _reader.TryGetInt64(out number) && (number != 0 || _reader.ValueSpan[0] != (byte)'-');
        HasMore |= !exact;
        return exact;
    }

    private int? Int32()
    {
        if (Number() is >= int.MinValue and <= int.MaxValue and long number)
            return (int)number;
        HasMore = true;
        return null;
    }

    private bool? Boolean()
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            default:
                SkipMisfit();
                return null;
        }
    }

    private RawJson Raw()
    {
        int start = Position();
        _reader.Skip();
        return new RawJson(_json[start..End()]);
    }

    private bool IsPlace(ReadOnlySpan<byte> property, ref uint seen, ref long? stream, ref long? component)
    {
        if (Is(property, "stream_id"u8, ref seen, 30))
            stream = Number();
        else if (Is(property, "component_id"u8, ref seen, 31))
            component = Number();
        else
            return false;
        return true;
    }

    private bool Is(ReadOnlySpan<byte> property, ReadOnlySpan<byte> name, ref uint seen, int place)
    {
        if (!property.SequenceEqual(name))
            return false;
        EnterValue(ref seen, place);
        return true;
    }

    private void Once(ref uint seen, int place)
    {
        uint bit = 1u << place;
        _repeated |= (seen & bit) != 0;
        seen |= bit;
    }

    private readonly int Position() => _readerOffset + (int)_reader.TokenStartIndex;

    private readonly int End() => _readerOffset + (int)_reader.BytesConsumed;

    private byte[] Unescaped() => UnescapedText() is { } text ? Encoding.UTF8.GetBytes(text) : [];

    private string? UnescapedText()
    {
        int longest = _reader.ValueSpan.Length;
        char[] rented = ArrayPool<char>.Shared.Rent(longest);
        try
        {
            return new string(rented, 0, _reader.CopyString(rented));
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate: JSON by its grammar, but no text. The raw JSON still has it.
            HasMore = true;
            return null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
