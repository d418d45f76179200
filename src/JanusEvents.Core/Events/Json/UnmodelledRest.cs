using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace JanusEvents.Events.Json;

/// <summary>
/// The part of a received event's JSON beyond the model: properties that no record knows, values of an unexpected form.
/// A copy of the event that a <c>with</c> expression changed is written with it.
/// </summary>
internal sealed class UnmodelledRest
{
    private static readonly StringPool s_pool = new();

    private readonly JsonElement _sent;
    private readonly JanusEvent _received;

    private UnmodelledRest(JsonElement sent, JanusEvent received)
    {
        _sent = sent;
        _received = received;
    }

    /// <summary>The rest of the event that this one was received as, or made from; null where there is none.</summary>
    public static UnmodelledRest? Of(JanusEvent e)
    {
        ReadOnlyMemory<byte> json = e.Envelope.Json;
        if (json.IsEmpty || !e.Envelope.HasMore)
            return null;

        List<JanusEvent> received = [];
        EventReader reader = new(json, new JsonReaderOptions { MaxDepth = RawJson.MaxDepth }, s_pool);
        reader.Read(received);
        int place = (e as MediaStatsEvent)?.Part ?? 0;
        return new UnmodelledRest(new RawJson(json).ToElement(), received[place < received.Count ? place : 0]);
    }

    /// <summary>Writes the body of the changed event with what the received one had besides.</summary>
    public void WriteBody(JanusEvent changed, JsonText text)
    {
        JsonElement made = Element(changed, EventWriter.WriteBody);
        JsonElement sent = Find(_sent, "event") ?? default;
        if (sent.ValueKind == JsonValueKind.Array && _received is MediaStatsEvent { Part: { } part })
            sent = sent[part];
        if (made.ValueKind == JsonValueKind.Object && sent.ValueKind == JsonValueKind.Object)
            WriteObject(made, Element(_received, EventWriter.WriteBody), sent, text);
        else
            EventWriter.WriteBody(changed, text);
    }

    /// <summary>Writes what the received envelope had besides, after what the changed event's has.</summary>
    public void WriteEnvelope(JanusEvent changed, JsonText text)
    {
        JsonElement made = Element(changed, WriteEnvelopeObject);
        JsonElement modelled = Element(_received, WriteEnvelopeObject);
        foreach (JsonProperty property in _sent.EnumerateObject())
        {
            string name = NameOf(property);
            if (name != "event" && Find(made, name) is null && Find(modelled, name) is null)
                WriteProperty(property, text);
        }

        static void WriteEnvelopeObject(JanusEvent e, JsonText text)
        {
            text.StartObject();
            EventWriter.WriteEnvelope(e, text);
            text.EndObject();
        }
    }

    /// <summary>Writes an object that was made, and what the one that was sent has beyond the model.</summary>
    /// <returns>Whether it has anything.</returns>
    private static bool WriteObject(JsonElement made, JsonElement modelled, JsonElement sent, JsonText text)
    {
        bool any = false;
        text.StartObject();
        foreach (JsonProperty property in Properties(made))
        {
            string name = NameOf(property);
            any = true;
            if (Find(sent, name) is { ValueKind: JsonValueKind.Object } inner
                && property.Value.ValueKind == JsonValueKind.Object
                && Find(modelled, name) is { } model
                && Compact(model) != Compact(inner))
            {
                text.Name(name);
                WriteObject(property.Value, model, inner, text);
            }
            else
            {
                WriteProperty(property, text);
            }
        }

        foreach (JsonProperty property in Properties(sent))
        {
            string name = NameOf(property);
            if (Find(made, name) is not null)
                continue;

            if (Find(modelled, name) is not { } model)
            {
                any = true;
                WriteProperty(property, text);
            }
            else if (model.ValueKind == JsonValueKind.Object && property.Value.ValueKind == JsonValueKind.Object)
            {
                // All that the model knew of it was removed.
                JsonText inner = new();
                if (WriteObject(default, model, property.Value, inner))
                {
                    any = true;
                    text.Name(name);
                    text.Raw(inner.Written.Span);
                }
            }
        }

        text.EndObject();
        return any;
    }

    private static void WriteProperty(JsonProperty property, JsonText text)
    {
        text.RawName([(byte)'"', .. JsonMarshal.GetRawUtf8PropertyName(property), (byte)'"']);
        text.Compact(new RawJson(JsonMarshal.GetRawUtf8Value(property.Value).ToArray()));
    }

    private static JsonElement Element(JanusEvent e, Action<JanusEvent, JsonText> write)
    {
        JsonText text = new();
        write(e, text);
        return new RawJson(text.Written).ToElement();
    }

    private static string Compact(JsonElement element) =>
        new RawJson(JsonMarshal.GetRawUtf8Value(element).ToArray()).ToCompactString();

    private static JsonElement.ObjectEnumerator Properties(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : default;

    // JsonElement.TryGetProperty throws where another name is no text.
    private static JsonElement? Find(JsonElement element, string name)
    {
        JsonElement? found = null;
        foreach (JsonProperty property in Properties(element))
        {
            if (NameOf(property) == name)
                found = property.Value;
        }

        return found;
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate: no name of ours.
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }
}
