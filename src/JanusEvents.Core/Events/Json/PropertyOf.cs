namespace JanusEvents.Events.Json;

/// <summary>Describes properties by the form of their value. A column has the property's name where no other is given.</summary>
internal static class PropertyOf<TOwner>
    where TOwner : class
{
    /// <summary>The field of an owner that has the value.</summary>
    public delegate ref T Field<T>(TOwner owner);

    public static Property<TOwner> Text(string name, Field<string?> field, string? column = null, bool decidesKind = false) =>
        new TextProperty(name, field, column ?? name, ValueForm.Text) { DecidesKind = decidesKind };

    public static Property<TOwner> LongText(string name, Field<string?> field, string? column = null, bool decidesKind = false) =>
        new TextProperty(name, field, column ?? name, ValueForm.LongText) { DecidesKind = decidesKind };

    public static Property<TOwner> Number(string name, Field<long?> field, string? column = null) =>
        new NumberProperty(name, field, column ?? name);

    public static Property<TOwner> Boolean(string name, Field<bool?> field, string? column = null, bool decidesKind = false) =>
        new BooleanProperty(name, field, column ?? name) { DecidesKind = decidesKind };

    public static Property<TOwner> Json(string name, Field<RawJson> field, string? column = null) =>
        new JsonProperty(name, field, column ?? name);

    /// <summary>An object whose properties are the owner's own.</summary>
    public static Property<TOwner> Object(string name, PropertyList<TOwner> properties) => new ObjectProperty(name, properties);

    /// <summary>An object that is a part of the owner. Its name stands before the names of its columns.</summary>
    public static Property<TOwner> Part<TPart>(string name, Field<TPart?> field, Func<TPart> create, PropertyList<TPart> properties)
        where TPart : class =>
        new PartProperty<TPart>(name, field, create, properties);

    private abstract class FieldProperty<T>(string name, Field<T> field, string column, ValueForm form)
        : ValueProperty<TOwner>(name, column, form)
    {
        public override bool IsIn(TOwner owner) => field(owner) is not null;

        protected ref T ValueIn(TOwner owner) => ref field(owner);

        protected override object? Value(TOwner owner) => field(owner);
    }

    private sealed class TextProperty(string name, Field<string?> field, string column, ValueForm form)
        : FieldProperty<string?>(name, field, column, form)
    {
        public override void Read(ref EventReader reader, TOwner owner) => ValueIn(owner) = reader.Text();

        public override void Write(TOwner owner, JsonText text) => text.String(ValueIn(owner)!);
    }

    private sealed class NumberProperty(string name, Field<long?> field, string column)
        : FieldProperty<long?>(name, field, column, ValueForm.Number)
    {
        public override void Read(ref EventReader reader, TOwner owner) => ValueIn(owner) = reader.Number();

        public override void Write(TOwner owner, JsonText text) => text.Number(ValueIn(owner).GetValueOrDefault());
    }

    private sealed class BooleanProperty(string name, Field<bool?> field, string column)
        : FieldProperty<bool?>(name, field, column, ValueForm.Boolean)
    {
        public override void Read(ref EventReader reader, TOwner owner) => ValueIn(owner) = reader.Boolean();

        public override void Write(TOwner owner, JsonText text) => text.Boolean(ValueIn(owner).GetValueOrDefault());
    }

    private sealed class JsonProperty(string name, Field<RawJson> field, string column)
        : FieldProperty<RawJson>(name, field, column, ValueForm.Json)
    {
        public override bool IsIn(TOwner owner) => !ValueIn(owner).IsEmpty;

        public override void Read(ref EventReader reader, TOwner owner) => ValueIn(owner) = reader.Raw();

        public override void Write(TOwner owner, JsonText text) => text.Compact(ValueIn(owner));

        protected override object? Value(TOwner owner) => IsIn(owner) ? ValueIn(owner).ToCompactString() : null;
    }

    private sealed class ObjectProperty(string name, PropertyList<TOwner> properties) : Property<TOwner>(name)
    {
        public override bool IsIn(TOwner owner) => properties.AnyIn(owner);

        public override void Read(ref EventReader reader, TOwner owner)
        {
            if (reader.InObject())
                reader.NoteEmpty(properties.Read(ref reader, owner));
        }

        public override void Write(TOwner owner, JsonText text)
        {
            text.StartObject();
            properties.Write(owner, text);
            text.EndObject();
        }

        public override IEnumerable<EventValue> Values(string path) => properties.Values($"{path}{Name}.");
    }

    private sealed class PartProperty<TPart>(string name, Field<TPart?> field, Func<TPart> create, PropertyList<TPart> properties)
        : Property<TOwner>(name)
        where TPart : class
    {
        public override bool IsIn(TOwner owner) => field(owner) is not null;

        public override void Read(ref EventReader reader, TOwner owner)
        {
            if (reader.InObject())
                reader.NoteEmpty(properties.Read(ref reader, field(owner) = create()));
        }

        public override void Write(TOwner owner, JsonText text)
        {
            text.StartObject();
            properties.Write(field(owner)!, text);
            text.EndObject();
        }

        public override IEnumerable<EventValue> Values(string path) => properties.Values($"{path}{Name}.").Select(value => value with
        {
            Column = Name + value.Column,
            Read = owner => field((TOwner)owner) is { } part ? value.Read(part) : null,
        });
    }
}
