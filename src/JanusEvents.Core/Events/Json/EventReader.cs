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

    /// <summary>Begins to read the event at the beginning of some JSON; it skips what follows.</summary>
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
                    EventKind? kind = hasType ? EventKinds.Of(envelope.Type, envelope.Subtype) : null;
                    bodyRead = kind is not null;
                    if (kind is not null)
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
            return (length, "The object has no integer \"type\", so it is not an event of Janus.");
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
        EventKind? kind = EventKinds.Of(envelope.Type, envelope.Subtype);
        if (kind is null)
        {
            Restart(body);
            kind = KindByProperties(envelope.Type);
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

    private EventKind KindByProperties(JanusEventType type)
    {
        if (_reader.TokenType == JsonTokenType.StartArray && type == JanusEventType.Media)
            return MediaStatsEvent.Description;

        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            while (NextProperty(out ReadOnlySpan<byte> name))
            {
                if (EventKinds.OfProperty(type, name) is { } kind)
                    return kind;
                SkipValue();
            }
        }

        return UnknownEvent.Description;
    }

    /// <summary>Reads the body that the reader stands on; adds nothing when it has not the form of its kind.</summary>
    private void ReadBody(EventKind kind, List<JanusEvent> events)
    {
        if (_reader.TokenType == JsonTokenType.StartArray && kind == MediaStatsEvent.Description)
            ReadCombinedStats(events);
        else if (_reader.TokenType == JsonTokenType.StartObject && kind != UnknownEvent.Description)
            events.Add(kind.Read(ref this));
        else
            _reader.Skip();
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
                events.Add(MediaStatsEvent.ReadPart(ref this, part));
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

    /// <summary>Moves to the property's value and records that the property was there.</summary>
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

    /// <summary>Records an inner object without any of its properties, none of which shows that it was there.</summary>
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

    internal bool? Boolean()
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

    internal RawJson Raw()
    {
        int start = Position();
        _reader.Skip();
        return new RawJson(_json[start..End()]);
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
