using System.Text;
using System.Text.RegularExpressions;
using MnistApi.TestData;

namespace MnistApi.Tests.Http;

/// <summary>A request of src/MnistApi/MnistApi.http, read as editors read it, with the status that it is to be answered
/// and whether the service needs MNIST for that.</summary>
internal sealed partial record FileRequest(
    string Title, int Status, bool NeedsMnist, HttpMethod Method, string Address, (string Name, string Value)[] Headers, byte[] Body)
{
    private static readonly string s_file = Clone.PathOf("src", "MnistApi", "MnistApi.http");

    public static FileRequest[] All { get; } =
        [.. Regex.Split(File.ReadAllText(s_file), "^### ", RegexOptions.Multiline).Skip(1).Select(Parse)];

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Address);
        if (Body.Length > 0)
            message.Content = new ByteArrayContent(Body);
        foreach (var (name, value) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content!.Headers.Add(name, value);
        }
        return message;
    }

    private static FileRequest Parse(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        var expected = StatusLine().Match(lines[1]);
        Assert.True(expected.Success, $"expected a line such as '# 200' below '{lines[0]}', got '{lines[1]}'");
        var request = lines[2].Split(' ', 2);
        var headers = lines.Skip(3).TakeWhile(line => line.Length > 0).ToArray();
        return new FileRequest(lines[0], int.Parse(expected.Groups[1].Value, null), expected.Groups[2].Success, new HttpMethod(request[0]),
            request[1].Replace("{{host}}", "", StringComparison.Ordinal),
            [.. headers.Select(header => header.Split(": ", 2)).Select(parts => (parts[0], parts[1]))],
            Content(lines.Skip(4 + headers.Length)));
    }

    /// <summary>The body's lines; one that begins with '&lt; ' stands for the file that it names.</summary>
    private static byte[] Content(IEnumerable<string> lines)
    {
        var parts = lines.Select(line => line.StartsWith("< ", StringComparison.Ordinal)
            ? File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(s_file)!, line[2..]))
            : Encoding.UTF8.GetBytes(line));
        return [.. parts.SelectMany((part, index) => index == 0 ? part : [.. "\r\n"u8, .. part])];
    }

    [GeneratedRegex("^# ([0-9]{3})(, with MNIST)?$")]
    private static partial Regex StatusLine();
}
