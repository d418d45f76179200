using System.Globalization;
using System.Text.RegularExpressions;

namespace JanusEvents.Testing;

/// <summary>A copy of Debian's configuration folder of Janus, edited line by line as its user would.</summary>
public sealed class JanusConfiguration
{
    private const string Installed = "/etc/janus";

    internal JanusConfiguration(string folder)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Installed, "*.jcfg"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    /// <summary>The folder to start Janus with (<c>-F</c>).</summary>
    public string Folder { get; }

    /// <summary>Sets a key of a section, in place of the line that has it, active or commented out.</summary>
    /// <param name="file">The file's name, such as <c>janus.jcfg</c>.</param>
    /// <param name="section">The section's name, such as <c>general</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">A string, a boolean or a number; null leaves the file as it is.</param>
    public void Set(string file, string section, string key, object? value)
    {
        if (value is null)
            return;
        var path = Path.Combine(Folder, file);
        var text = File.ReadAllText(path);
        var start = text.IndexOf(section + ": {", StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf("\n}", start, StringComparison.Ordinal);
        if (end < 0)
            throw new InvalidOperationException($"{file} has no section {section}.");

        var line = $"\t{key} = {Written(value)}";
        var lines = text[start..end];
        var present = new Regex($@"^[ \t]*#?[ \t]*{Regex.Escape(key)}\s*=.*$", RegexOptions.Multiline);
        var changed = present.IsMatch(lines) ? present.Replace(lines, _ => line, 1) : lines + "\n" + line;
        File.WriteAllText(path, text[..start] + changed + text[end..]);
    }

    /// <summary>Puts lines in place of a whole section.</summary>
    public void Replace(string file, string section, string lines)
    {
        var path = Path.Combine(Folder, file);
        var text = File.ReadAllText(path);
        var whole = new Regex($@"^{Regex.Escape(section)}: \{{$.*?^\}}$\n", RegexOptions.Multiline | RegexOptions.Singleline);
        if (!whole.IsMatch(text))
            throw new InvalidOperationException($"{file} has no section {section}.");
        File.WriteAllText(path, whole.Replace(text, _ => lines, 1));
    }

    /// <summary>Writes a whole file, in place of the one that was there.</summary>
    public void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    /// <summary>Deletes a file; Janus then looks for one of the same name that ends in <c>.cfg</c>.</summary>
    public void Delete(string file) => File.Delete(Path.Combine(Folder, file));

    private static string Written(object value) => value switch
    {
        string text => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        bool yes => yes ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
