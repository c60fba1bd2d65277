using MnistApi.Imaging;

namespace MnistApi.Browser.Tests;

/// <summary>Pictures that are dropped, pasted and chosen, and the sentences about those that cannot be read.</summary>
public sealed class PictureTests(PageService service) : IClassFixture<PageService>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pictures");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_dropped_png_is_read()
    {
        await using var visit = await VisitAsync();
        await DropAsync(visit, Save("one.png", One()));
        await visit.SeesAsync(1);
        await visit.ShootAsync("dropped");
    }

    [Fact]
    public async Task A_chosen_png_is_read()
    {
        await using var visit = await VisitAsync();
        var input = await visit.Page.QuerySelectorAsync("#file");
        await input.UploadFileAsync(Save("one.png", One()));
        await visit.SeesAsync(1);
    }

    [Fact]
    public async Task A_pasted_png_is_read()
    {
        await using var visit = await VisitAsync();
        await visit.Page.EvaluateFunctionAsync(
            """
            base64 => {
              const data = new DataTransfer();
              data.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], "pasted.png", { type: "image/png" }));
              document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
            }
            """,
            Convert.ToBase64String(One()));
        await visit.SeesAsync(1);
    }

    [Fact]
    public async Task A_blank_picture_is_refused_in_a_sentence()
    {
        await using var visit = await VisitAsync();
        visit.ExpectedStatus = 422;
        await DropAsync(visit, Save("blank.png", Draw((_, _) => 255)));
        await RefusesAsync(visit, "I see nothing to read. Draw a digit, larger or darker.");
    }

    [Fact]
    public async Task What_is_no_picture_is_refused_in_a_sentence()
    {
        await using var visit = await VisitAsync();
        await DropAsync(visit, Save("notes.txt", "a seven"u8.ToArray()));
        await RefusesAsync(visit, "This file cannot be read as a picture. A PNG of a digit is best.");
        Assert.Equal("This browser cannot read notes.txt as a picture.", await visit.TextAsync("#fine"));
    }

    [Fact]
    public async Task Aservice_that_is_gone_is_missed_in_a_sentence_and_found_again()
    {
        await using var visit = await VisitAsync();
        visit.ExpectedStatus = -1;
        await visit.Page.SetOfflineModeAsync(true);
        await visit.Page.ClickAsync("#samples button:nth-child(4)");
        await RefusesAsync(visit, "The service does not answer. Is it still running?");
        await visit.Page.SetOfflineModeAsync(false);
        await visit.Page.ClickAsync("#samples button:nth-child(6)");
        await visit.SeesAsync(5);
    }

    private static byte[] One() => Draw((x, y) => x is > 54 and < 66 && y is > 20 and < 100 ? 0 : 255);

    private static byte[] Draw(Func<int, int, int> level) =>
        PngEncoding.Encode([.. Enumerable.Range(0, 120 * 120).Select(i => (byte)level(i % 120, i / 120))], 120, 120);

    private static async Task RefusesAsync(Visit visit, string sentence)
    {
        await visit.WaitAsync("document.body.dataset.state === 'refused'");
        Assert.Equal(sentence, await visit.TextAsync("#sentence"));
    }

    /// <summary>As from a file manager, through the browser's own drag and drop.</summary>
    private static async Task DropAsync(Visit visit, string path)
    {
        foreach (var type in new[] { "dragEnter", "dragOver", "drop" })
        {
            await visit.Page.Client.SendAsync("Input.dispatchDragEvent", new
            {
                type,
                x = 300,
                y = 400,
                data = new { items = Array.Empty<object>(), files = new[] { path }, dragOperationsMask = 1 },
            });
        }
    }

    private string Save(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private Task<Visit> VisitAsync() => Visit.BeginAsync(service, Visit.Screen);
}
