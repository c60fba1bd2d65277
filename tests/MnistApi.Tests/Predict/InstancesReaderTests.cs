using System.Globalization;
using System.Text;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.Tests.Predict;

/// <summary>The fast reader against the strict one: the same images or the same refusal.</summary>
public sealed class InstancesReaderTests
{
    private static readonly LimitOptions s_limits = new();

    [Theory]
    [InlineData("compact bytes")]
    [InlineData("python bytes")]
    [InlineData("rows of bytes")]
    [InlineData("indented bytes")]
    [InlineData("compact floats")]
    [InlineData("python floats")]
    [InlineData("mixed")]
    [InlineData("zeros and ones")]
    [InlineData("scale first")]
    [InlineData("scale last")]
    public void The_forms_that_clients_write_take_the_fast_way(string form)
    {
        var random = new Random(5);
        for (var i = 0; i < 50; i++)
        {
            var body = Document(random, form);
            Assert.True(AssertSame(body), body[..Math.Min(300, body.Length)]);
        }
    }

    /// <summary>MNIST_DIFFERENTIAL sets how many documents; a nightly run takes a million.</summary>
    [Fact]
    public void Mutated_documents_are_read_as_the_strict_reader_reads_them()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("MNIST_DIFFERENTIAL"), CultureInfo.InvariantCulture, out var asked)
            ? asked : 4000;
        var random = new Random(count);
        string[] forms = ["compact bytes", "python bytes", "rows of bytes", "compact floats", "python floats", "mixed", "zeros and ones",
            "scale first", "scale last"];
        var accepted = 0;
        for (var i = 0; i < count; i++)
            accepted += AssertSame(Mutate(random, Document(random, forms[random.Next(forms.Length)]))) ? 1 : 0;
        Assert.InRange(accepted, count / 20, count - count / 20); // both kinds are there
    }

    [Fact]
    public void Numbers_at_the_edges_are_the_exact_parsers()
    {
        string[] numbers =
        [
            "0", "1", "255", "0.0", "1.0", "255.0", "0.1", "0.49803921568627450", "0.4980392156862745", "1.0000000000000002",
                "1.00000000000000001",
            "0.99999999999999999", "254.99999999999997", "255.00000000000003", "255.000000000000001", "1e-3", "2.5E+1", "1e-300", "1e2",
                "0.000000000000000000001",
            "0.00000000000000000000000000000000000001", "16777217e-7", "1.00000005960464477539062", "1.00000005960464477539063",
                "1.000000059604644775",
            "0.30000001192092896", "0.3000000044703484", "123.456789012345678901234567890", "00", "01", "1.", ".5", "-1", "-0", "+1", "1e",
                "1e+", "256", "1e999", "0x1", "1_0", "",
        ];
        foreach (var number in numbers)
            AssertSame($"{{\"instances\":[{Pictures.JsonWith(17, number)}]}}");
    }

    [Fact]
    public void Random_decimals_are_the_exact_parsers()
    {
        var random = new Random(11);
        for (var i = 0; i < 400; i++)
        {
            var numbers = Enumerable.Range(0, 784).Select(_ =>
                (random.NextDouble() * (random.Next(2) == 0 ? 1 : 255)).ToString($"F{random.Next(1, 20)}", CultureInfo.InvariantCulture));
            AssertSame($"{{\"instances\":[[{string.Join(',', numbers)}]]}}");
        }
    }

    [Fact]
    public void Written_numbers_read_back_as_the_same_float()
    {
        var random = new Random(3);
        Span<byte> buffer = stackalloc byte[JsonFloats.MaxLength];
        for (var i = 0; i < 300_000; i++)
        {
            var bits = (uint)random.Next(0, 0x3F800001); // every float from 0 to 1, the smallest and the subnormal ones too
            var number = i switch
            {
                0 => 1f,
                1 => 0f,
                2 => float.Epsilon,
                3 => MathF.BitDecrement(1),
                4 => 0.1f,
                5 => 1e-6f,
                6 => 1e-7f,
                _ => BitConverter.UInt32BitsToSingle(bits)
            };
            var length = JsonFloats.Write(number, ref buffer[0]);
            var text = Encoding.ASCII.GetString(buffer[..length]);
            Assert.True(length <= JsonFloats.MaxLength);
            Assert.True(number == float.Parse(text, CultureInfo.InvariantCulture), $"{number:R} was written {text}");
            Assert.Matches(@"^(0|1|0\.\d*[1-9]|\d(\.\d*[1-9])?e-\d\d)$", text);
        }
    }

    /// <summary>Reads with both; returns whether all was read fast.</summary>
    private static bool AssertSame(string body)
    {
        using var fast = new RequestImages(s_limits);
        using var strict = new RequestImages(s_limits);
        var (form, refusal) = Read(body, fast, isFast: true);
        Assert.Equal(refusal, Read(body, strict, isFast: false).Refusal);
        if (refusal is not null)
            return false;
        Assert.Equal((strict.Pixels.Count, strict.Pixels.Scale), (fast.Pixels.Count, fast.Pixels.Scale));
        fast.Pixels.BecomeFloats();
        Assert.True(strict.Pixels.Floats.Span.SequenceEqual(fast.Pixels.Floats.Span), body);
        return form.IsFast;
    }

    private static (InstancesForm Form, string? Refusal) Read(string body, RequestImages images, bool isFast)
    {
        try
        {
            return (InstancesReader.Read(Encoding.UTF8.GetBytes(body), 10, images, isFast: isFast), null);
        }
        catch (RefusedException error)
        {
            return (default, error.Message);
        }
    }

    private static string Document(Random random, string form)
    {
        var images = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Image(random, form)).ToArray();
        var comma = form.StartsWith("python", StringComparison.Ordinal) ? ", " : ",";
        var instances = $"[{string.Join(comma, images)}]";
        return form switch
        {
            "scale first" => $"{{\"scale\":255,\"instances\":{instances}}}",
            "scale last" => $"{{\"instances\": {instances}, \"scale\": 255}}",
            "indented bytes" => $"{{\n  \"instances\": {instances}\n}}\n",
            _ => $"{{\"instances\":{instances}}}",
        };
    }

    private static string Image(Random random, string form)
    {
        var numbers = Enumerable.Range(0, 784).Select(_ => Number(random, form)).ToArray();
        return form switch
        {
            "python bytes" or "python floats" => $"[{string.Join(", ", numbers)}]",
            "rows of bytes" => $"[{string.Join(',', numbers.Chunk(28).Select(row => $"[{string.Join(',', row)}]"))}]",
            "indented bytes" => $"[\n    {string.Join(",\n    ", numbers)}\n  ]",
            _ => $"[{string.Join(',', numbers)}]",
        };
    }

    private static string Number(Random random, string form)
    {
        var ink = random.Next(4) == 0 ? random.Next(256) : 0;
        return form switch
        {
            "compact floats" => (ink / 255.0).ToString(CultureInfo.InvariantCulture),
            "python floats" => ink == 0 ? "0.0" : (ink / 255.0).ToString("R", CultureInfo.InvariantCulture),
            "mixed" => random.Next(300) == 0 ? "0.25" : $"{ink}",
            "zeros and ones" => $"{Math.Min(ink, 1)}",
            _ => $"{ink}",
        };
    }

    /// <summary>One or two small changes of the kinds that broken programs and people make.</summary>
    private static string Mutate(Random random, string body)
    {
        var text = new StringBuilder(body);
        for (var changes = random.Next(0, 3); changes > 0; changes--)
        {
            var at = random.Next(text.Length);
            const string Pieces = "0123456789,[]{}.- \n\t\"eE+:x";
            switch (random.Next(4))
            {
                case 0: text[at] = Pieces[random.Next(Pieces.Length)]; break;
                case 1: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                case 2: text.Remove(at, 1); break;
                default: text.Insert(at, text.ToString(Math.Max(0, at - 5), Math.Min(5, at))); break;
            }
        }
        return text.ToString();
    }
}
