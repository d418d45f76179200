using System.Reflection;
using System.Runtime.CompilerServices;

namespace JanusEvents.Packages.Tests.PublicApi;

/// <summary>The names of types as one writes them in C#, with "?" where a reference may be null.</summary>
internal static class TypeName
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short",
        [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long",
        [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
        [typeof(char)] = "char", [typeof(string)] = "string", [typeof(object)] = "object", [typeof(void)] = "void",
    };

    public static string Of(PropertyInfo property) => Of(property.PropertyType, Nullability.Create(property));

    public static string Of(FieldInfo field) => Of(field.FieldType, Nullability.Create(field));

    public static string Of(EventInfo @event) => Of(@event.EventHandlerType!, Nullability.Create(@event));

    public static string Of(ParameterInfo parameter) => Of(parameter.ParameterType, Nullability.Create(parameter));

    public static string Of(Type type, bool full = false) => (full ? type.Namespace + "." : "") + Of(type, nullability: null);

    private static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, nullability);
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Of(value, nullability?.GenericTypeArguments is [var inner] ? inner : null) + "?";

        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword + mark;
        if (type.IsGenericParameter || !type.IsGenericType)
            return (type is { IsNested: true, IsGenericParameter: false } ? Of(type.DeclaringType!, nullability: null) + "." : "") + type.Name + mark;

        var arguments = type.GetGenericArguments()
            .Select((argument, index) => Of(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(index)));
        return typeof(ITuple).IsAssignableFrom(type) && type.IsValueType
            ? $"({string.Join(", ", arguments)})"
            : $"{type.Name.Split('`')[0]}<{string.Join(", ", arguments)}>{mark}";
    }
}
