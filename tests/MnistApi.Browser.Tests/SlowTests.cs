using MnistApi.Imaging;
using MnistApi.TestData;
using PuppeteerSharp;

namespace MnistApi.Browser.Tests;

/// <summary>A slow connection: what can be seen can be used, and no click is lost.</summary>
public sealed class SlowTests(PageService service) : IClassFixture<PageService>
{
    private const string Controls = "button, input, select, textarea, [role=tab], [tabindex]";

    private readonly TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("inside", "inside.js", "#diagram[tabindex]")]
    [InlineData("inside", "units.js", "#units input")]
    [InlineData("evaluate", "evaluate.js", "#evaluate-run")]
    [InlineData("use", "use.js", "[role=tab]")]
    [InlineData("use", "sections.css", "[role=tab]")]
    public async Task No_control_stands_in_a_section_before_its_files_have_come(string section, string file, string control)
    {
        await using var visit = await Visit.BeginAsync(service, Visit.Screen, intercept: Hold(file));
        await visit.GoToAsync(section, "[aria-busy=true]");
        Assert.Equal(0, await visit.AskAsync<int>($"document.getElementById('{section}').querySelectorAll('{Controls}').length"));
        _arrival.SetResult();
        await visit.WaitAsync($"document.querySelector('{control}')");
        await visit.WaitAsync("!document.querySelector('[aria-busy=true]')");
    }

    [Fact]
    public async Task The_first_click_on_a_section_that_came_late_is_not_lost()
    {
        await Mnist.TestAsync();
        await using var visit = await Visit.BeginAsync(service, Visit.Screen, intercept: Hold("evaluate.js"));
        await visit.GoToAsync("evaluate", "[aria-busy=true]");
        _ = Task.Delay(500, TestContext.Current.CancellationToken).ContinueWith(_ => _arrival.SetResult(), TaskScheduler.Default);
        await visit.GoToAsync("evaluate", "#evaluate-run");
        await visit.Page.ClickAsync("#evaluate-run");
        await visit.WaitAsync("document.querySelector('.score')");
    }

    [Fact]
    public async Task Before_the_board_works_colours_can_be_chosen_and_a_picture_opened()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("slow").FullName, "one.png");
        var one = Enumerable.Range(0, 100 * 100).Select(i => (byte)(i % 100 is > 45 and < 55 && i / 100 is > 15 and < 85 ? 0 : 255));
        await File.WriteAllBytesAsync(path, PngEncoding.Encode([.. one], 100, 100), TestContext.Current.CancellationToken);
        await using var visit = await Visit.OpenAsync(service, Visit.Screen, intercept: Hold("main.js"), isLoaded: false);
        Assert.True(await visit.AskAsync<bool>("document.getElementById('undo').disabled && document.getElementById('clear').disabled"));
        await visit.Page.ClickAsync("#theme");
        Assert.Equal("dark", await visit.AskAsync<string>("document.documentElement.dataset.theme"));
        await (await visit.Page.QuerySelectorAsync("#file")).UploadFileAsync(path);
        _arrival.SetResult();
        await visit.SeesAsync(1);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task While_the_first_answer_is_under_way_the_board_is_not_called_empty()
    {
        await using var visit = await Visit.OpenAsync(service, Visit.Screen, intercept: Hold("predict"));
        await visit.WaitAsync("document.body.dataset.state === 'reading'");
        Assert.Equal("Reading…", await visit.TextAsync("#sentence"));
        Assert.Equal("0", await visit.AskAsync<string>("getComputedStyle(document.querySelector('.ghost')).opacity"));
        _arrival.SetResult();
        await visit.SeesAsync(7);
    }

    [Theory]
    [InlineData("", "use", "[role=tab]")]
    [InlineData("chapter", "3.6", "#recognition .strip")]
    public async Task A_link_leads_to_its_section_whatever_comes_on_the_way(string path, string section, string shown)
    {
        await Mnist.TestAsync();
        await using var visit = await Visit.OpenAsync(service, Visit.Screen, path: path);
        await visit.EmulateMotionAsync();
        await visit.Page.ClickAsync($"nav a[href='#{section}']");
        await visit.WaitAsync($"document.querySelector('{shown}')");
        var top = await visit.AskAsync<double>($"document.getElementById('{section}').getBoundingClientRect().top");
        Assert.InRange(top, 0, 100);
    }

    private Func<IRequest, Task<ResponseData?>> Hold(string file) => async request =>
    {
        if (new Uri(request.Url).AbsolutePath.EndsWith($"/{file}", StringComparison.Ordinal))
            await _arrival.Task;
        return null;
    };
}
