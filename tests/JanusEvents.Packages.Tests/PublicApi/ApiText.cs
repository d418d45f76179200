using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace JanusEvents.Packages.Tests.PublicApi;

/// <summary>
/// What an assembly shows to its users, as lines that read like C#: the types by their full names, below each its members.
/// What the compiler adds to a record is left out.
/// </summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The lines of an assembly.</summary>
    public static IReadOnlyList<string> Of(Assembly assembly)
    {
        var lines = new List<string>();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (lines.Count > 0)
                lines.Add("");
            lines.Add(TypeLine(type));
            lines.AddRange(Members(type)
                .OrderBy(member => member.Name, StringComparer.Ordinal).ThenBy(member => member.Line, StringComparer.Ordinal)
                .Select(member => "    " + member.Line));
        }

        return lines;
    }

    private static string TypeLine(Type type)
    {
        var name = $"{(type.IsNested ? TypeName.Of(type.DeclaringType!, full: true) : type.Namespace)}.{TypeName.Of(type)}";
        if (type.IsEnum)
            return $"{(type.IsDefined(typeof(FlagsAttribute)) ? "[Flags] " : "")}enum {name} : {TypeName.Of(type.GetEnumUnderlyingType())}";
        if (typeof(Delegate).IsAssignableFrom(type))
            return $"delegate {Method(type.GetMethod("Invoke")!, name)}";

        string kind;
        if (type.IsInterface)
            kind = "interface";
        else if (type.IsValueType)
            kind = (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (IsRecord(type) ? "record struct" : "struct");
        else if (type is { IsAbstract: true, IsSealed: true })
            kind = "static class";
        else
            kind = (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (IsRecord(type) ? "record" : "class");

        var parents = new List<Type>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            parents.Add(parent);
        parents.AddRange(type.GetInterfaces()
            .Except(type.BaseType?.GetInterfaces() ?? [])
            .Where(i => i.IsVisible && !(IsRecord(type) && i == typeof(IEquatable<>).MakeGenericType(type)))
            .OrderBy(i => TypeName.Of(i), StringComparer.Ordinal));
        // What comes with another interface is not said twice.
        parents.RemoveAll(p => parents.Any(other => other != p && other.IsInterface && other.GetInterfaces().Contains(p)));
        return $"{kind} {name}{(parents.Count == 0 ? "" : " : " + string.Join(", ", parents.Select(p => TypeName.Of(p))))}{Constraints(type.GetGenericArguments())}";
    }

    private static IEnumerable<(string Name, string Line)> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            yield break;
        if (type.IsEnum)
        {
            foreach (var value in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                var number = Convert.ToInt64(value.GetRawConstantValue(), CultureInfo.InvariantCulture);
                yield return (number.ToString("D19", CultureInfo.InvariantCulture), $"{value.Name} = {number}");
            }

            yield break;
        }

        foreach (var field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
        {
            var what = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
            var value = field.IsLiteral ? " = " + Value(field.GetRawConstantValue()) : "";
            yield return (field.Name, $"{Access(field.IsPublic)}{what}{TypeName.Of(field)} {field.Name}{value}");
        }

        foreach (var constructor in type.GetConstructors(Declared).Where(c => !c.IsStatic && IsVisible(c) && !IsCopyOfRecord(c)))
            yield return ("", $"{Access(constructor.IsPublic)}{type.Name.Split('`')[0]}({Parameters(constructor)})");

        foreach (var property in type.GetProperties(Declared))
        {
            var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToList();
            if (accessors.Count == 0 || property.Name == "EqualityContract")
                continue;
            var widest = accessors.Find(a => a.IsPublic) ?? accessors[0];
            var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
            var name = property.GetIndexParameters().Length == 0 ? property.Name : $"this[{Parameters(property.GetMethod ?? property.SetMethod!)}]";
            var ways = string.Join(' ', accessors.OrderBy(a => a.ReturnType == typeof(void)).Select(a => Accessor(a, widest)));
            yield return (property.Name, $"{Access(widest.IsPublic)}{Modifiers(widest)}{required}{TypeName.Of(property)} {name} {{ {ways} }}");
        }

        foreach (var @event in type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod!)))
            yield return (@event.Name, $"{Access(@event.AddMethod!.IsPublic)}{Modifiers(@event.AddMethod!)}event {TypeName.Of(@event)} {@event.Name}");

        foreach (var method in type.GetMethods(Declared).Where(m => IsVisible(m) && !IsSaidElsewhere(m)))
            yield return (method.Name, Access(method.IsPublic) + Modifiers(method) + Method(method, method.Name));
    }

    private static string Method(MethodInfo method, string name)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(t => t.Name))}>" : "";
        return $"{TypeName.Of(method.ReturnParameter)} {name}{generic}({Parameters(method)}){Constraints(method.GetGenericArguments())}";
    }

    private static string Parameters(MethodBase method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        var parameters = method.GetParameters().Where(p => !(method.IsSpecialName && method.Name.StartsWith("set_", StringComparison.Ordinal) && p.Name == "value"));
        return extension + string.Join(", ", parameters.Select(parameter =>
        {
            var way = !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
            var many = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
            var otherwise = parameter.HasDefaultValue ? " = " + Value(parameter.DefaultValue) : "";
            return $"{many}{way}{TypeName.Of(parameter)} {parameter.Name}{otherwise}";
        }));
    }

    private static string Accessor(MethodInfo accessor, MethodInfo widest)
    {
        var access = accessor.IsPublic == widest.IsPublic ? "" : "protected ";
        var word = accessor.ReturnType != typeof(void) ? "get"
            : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init" : "set";
        return $"{access}{word};";
    }

    private static string Constraints(Type[] parameters) => string.Concat(parameters.Where(p => p.IsGenericParameter).Select(parameter =>
    {
        var attributes = parameter.GenericParameterAttributes;
        var words = new List<string>();
        if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
            words.Add("struct");
        else if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            words.Add("class");
        words.AddRange(parameter.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(c => TypeName.Of(c)));
        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !words.Contains("struct"))
            words.Add("new()");
        return words.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", words)}";
    }));

    private static string Modifiers(MethodInfo method)
    {
        if (method.IsStatic)
            return method.IsAbstract ? "static abstract " : "static ";
        if (method.DeclaringType!.IsInterface)
            return method.IsAbstract ? "" : "virtual ";
        if (method.IsAbstract)
            return "abstract ";
        if (!method.IsVirtual || method.IsFinal)
            return "";
        return method.GetBaseDefinition().DeclaringType == method.DeclaringType ? "virtual " : "override ";
    }

    private static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        Enum one => $"{one.GetType().Name}.{one}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Access(bool isPublic) => isPublic ? "" : "protected ";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$", Declared) is not null
        || (type.IsValueType && type.GetMethod("PrintMembers", Declared)?.IsDefined(typeof(CompilerGeneratedAttribute)) == true);

    private static bool IsCopyOfRecord(ConstructorInfo constructor) =>
        constructor.IsDefined(typeof(CompilerGeneratedAttribute)) && constructor.GetParameters().Length == 1;

    // Accessors, what a record has of the compiler, and what overrides object's own.
    private static bool IsSaidElsewhere(MethodInfo method) =>
        (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        || method.IsDefined(typeof(CompilerGeneratedAttribute))
        || method.GetBaseDefinition().DeclaringType == typeof(object)
        || method.GetBaseDefinition().DeclaringType == typeof(ValueType);
}
