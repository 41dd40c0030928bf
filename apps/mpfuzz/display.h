#pragma once

#include <mpfuzz/engine/campaign.h>

#include <string>

namespace mpfuzz::apps {

//! What the user sees of a campaign, besides its findings.
struct CampaignDisplay {
    bool json{false};             //!< print the summary as JSON
    bool verbose{false};          //!< print the table of mutators
    bool programs{false};         //!< print the smallest program of each finding, and its details
    bool methods{true};           //!< count methods and print the table of them
    std::string runs{"programs"}; //!< what is run: `programs`, or the runs of a driver
    std::string plot;             //!< file for the progress as comma-separated values, for plotting; empty: none
    std::string go_on;            //!< command that goes on with the triage of what is left
};

//! Run a campaign. Shows its progress on standard error, once a second: on a terminal in one line, which each line
//! replaces. Prints the summary on standard output.
//!
//! @return An exit status: 1 if findings are stored that appeared in this campaign.
int RunCampaignAndReport(const engine::CampaignWork& work, const engine::CampaignOptions& options,
                         const CampaignDisplay& display);

} // namespace mpfuzz::apps
